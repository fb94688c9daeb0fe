#include "scenes.hpp"

#include <array>

namespace approvekit::testing {

const char* to_string(Phase phase) noexcept {
    constexpr std::array names{"start",
                               "open the file",
                               "allow",
                               "run what is allowed",
                               "finish what is allowed",
                               "submit",
                               "decide",
                               "claim",
                               "run",
                               "finish",
                               "close",
                               "end"};
    return names.at(static_cast<std::size_t>(phase));
}

namespace {

void approve_what_waits(const std::shared_ptr<SqliteStorage>& storage) {
    Reviewer reviewer(storage, "ana", "terminal");
    for (const ApprovalRequest& request : reviewer.list().requests)
        reviewer.approve(request.id);
}

/// Which phases a call enters when it runs.
struct Course {
    const char* tool;
    Phase running;
    Phase finishing;
};
constexpr Course allowed{"look", Phase::running_allowed, Phase::finishing_allowed};
constexpr Course held{"send", Phase::running, Phase::finishing};

auto guarded(const ApproveKit& kit, const Course& course, const Site& site, PhaseBoard& phase) {
    return kit.guard(course.tool, [&](const Json& arguments) {
        phase = course.running;
        site.effects.add(arguments.at("call").get<std::string>());
        phase = course.finishing;
    });
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
