#include "busy_processes.hpp"

#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace approvekit::testing {
namespace {

/// Makes one call after the other. Anything other than a refusal ends the process, which is noticed.
[[noreturn]] void call_for_ever(const ApproveKit& kit, const char* tool, const std::string& name, const Site& site,
                                Progress& progress) {
    const auto guarded =
        kit.guard(tool, [&](const Json& arguments) { site.effects.add(arguments.at("call").get<std::string>()); });
    for (int number = 0;; ++number) {
        static_cast<void>(guarded.attempt(arguments_of(name + "-" + std::to_string(number))));
        ++progress.finished;
        // Slows it down, so that the calls that wait for a person are not lost among those that do not.
        std::this_thread::sleep_for(std::chrono::microseconds{200});
    }
}

/// Whether the call has ended, with this request or with an earlier one.
bool is_over(const Outcome<void>& outcome) {
    if (outcome) return true;
    switch (outcome.refusal().code) {
        case ErrorCode::already_ran:
        case ErrorCode::rejected:
            return true;
        case ErrorCode::key_in_use:
            return false;
        default:
            throw std::runtime_error("a call with a key came to " + outcome.refusal().message);
    }
}

/// Returns false if somebody else, or a death, was faster.
bool decide(Reviewer& reviewer, const std::string& id, bool approves) {
    try {
        approves ? reviewer.approve(id) : reviewer.reject(id);
        return true;
    } catch (const DecisionError&) {
        return false;
    }
}

}  // namespace

void work_for_ever(const Site& site, const std::string& name, Progress& progress) {
    const ApproveKit kit(policy_under_test(), site.open());
    std::vector<std::jthread> threads;
    for (const std::string number : {"1", "2", "3"}) {
        threads.emplace_back([&, number] { call_for_ever(kit, "send", name + "-" + number, site, progress); });
    }
    call_for_ever(kit, "look", name + "-0", site, progress);
}

void work_with_keys(const Site& site, const std::string& agent, std::atomic<int>& next, Progress& progress) {
    const ApproveKit kit(policy_under_test(), site.open());
    for (;;) {
        Call call;
        call.idempotency_key = agent + "-" + std::to_string(next);
        const auto guarded = kit.with(call).guard(next % 3 == 0 ? "look" : "send", [&](const Json& arguments) {
            site.effects.add(arguments.at("call").get<std::string>());
        });
        ++progress.finished;  // before it waits for a reviewer, who may just be dead
        if (is_over(guarded.attempt(arguments_of(call.idempotency_key)))) ++next;
    }
}

void review_for_ever(const Site& site, Progress& progress) {
    const auto storage = site.open();
    Reviewer reviewer(storage, "ana", "terminal");
    for (int number = 0;;) {
        for (const ApprovalRequest& request : reviewer.list().requests)
            if (decide(reviewer, request.id, ++number % 3 != 0)) ++progress.finished;
        std::this_thread::sleep_for(std::chrono::microseconds{200});
    }
}

}  // namespace approvekit::testing
