#include "scenes.hpp"

#include <array>
#include <chrono>
#include <thread>

namespace approvekit::testing {

const char* to_string(Phase phase) noexcept {
    constexpr std::array phases{"start",
                                "open the file",
                                "take over",
                                "allow",
                                "run what is allowed",
                                "finish what is allowed",
                                "give up what is allowed",
                                "submit",
                                "vote",
                                "edit",
                                "decide",
                                "stop",
                                "resume",
                                "archive",
                                "claim",
                                "run",
                                "finish",
                                "close",
                                "end"};
    return phases.at(static_cast<std::size_t>(phase));
}

void approve_what_waits(const std::shared_ptr<Storage>& storage, const char* name) {
    Reviewer reviewer(storage, name, "terminal");
    for (const ApprovalRequest& request : reviewer.list().requests)
        reviewer.approve(request.id);
}

namespace {

/// Which phases a call goes through when it runs.
struct Course {
    const char* tool;
    Phase running;
    Phase finishing;
};
constexpr Course allowed{"look", Phase::running_allowed, Phase::finishing_allowed};
constexpr Course held{"send", Phase::running, Phase::finishing};

auto guarded(const ApproveKit& kit, const Course& course, const Site& site, PhaseBoard& phase) {
    return phased_tool(kit, course.tool, site, phase, course.running, course.finishing);
}

}  // namespace

void play_agent(const Site& site, PhaseBoard& phase) {
    phase = Phase::opening;
    auto storage = site.open();
    auto reviewing = site.open();
    {
        const ApproveKit kit(policy_under_test(), storage);
        phase = Phase::allowing;
        guarded(kit, allowed, site, phase)(arguments_of(allowed_call));
        storage->flush();

        phase = Phase::submitting;
        auto ticket = guarded(kit, held, site, phase).submit(arguments_of(held_call));
        phase = Phase::deciding;
        approve_what_waits(reviewing);
        phase = Phase::claiming;
        ticket.get();
        storage->flush();
        phase = Phase::closing;
    }
    reviewing.reset();
    storage.reset();
    phase = Phase::ended;
}

void play_waiting_agent(const Site& site, const std::function<void()>& tell) {
    PhaseBoard phase{Phase::starting};
    const ApproveKit kit(policy_under_test(), site.open());
    auto ticket = guarded(kit, held, site, phase).submit(arguments_of(held_call));
    tell();
    ticket.get();
}

namespace {

ApproveKit kit_with_key(const std::shared_ptr<Storage>& storage) {
    Call call;
    call.idempotency_key = "the held call";
    return ApproveKit(policy_under_test(), storage).with(call);
}

}  // namespace

void play_leaving_agent(const Site& site, const std::function<void()>& tell) {
    PhaseBoard phase{Phase::starting};
    const auto ticket = guarded(kit_with_key(site.open()), held, site, phase).submit(arguments_of(held_call));
    tell();
    for (;;)
        std::this_thread::sleep_for(std::chrono::hours{1});
}

void play_restarted_agent(const Site& site, PhaseBoard& phase) {
    phase = Phase::opening;
    auto storage = site.open();
    auto reviewing = site.open();
    phase = Phase::taking_over;
    try {
        auto ticket = guarded(kit_with_key(storage), held, site, phase).submit(arguments_of(held_call));
        phase = Phase::deciding;
        approve_what_waits(reviewing);
        phase = Phase::claiming;
        ticket.get();
        storage->flush();
    } catch (const AlreadyRanError&) {
        // The previous agent had started it.
    }
    phase = Phase::closing;
    reviewing.reset();
    storage.reset();
    phase = Phase::ended;
}

void play_reviewer(const Site& site, PhaseBoard& phase) {
    phase = Phase::opening;
    auto storage = site.open();
    phase = Phase::deciding;
    approve_what_waits(storage);
    phase = Phase::closing;
    storage.reset();
    phase = Phase::ended;
}

}  // namespace approvekit::testing
