#pragma once

#include "agent_under_test.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <string>

namespace approvekit::testing {

/// What a process was doing when it died.
enum class Phase {
    starting,
    opening,
    taking_over,
    allowing,
    running_allowed,
    finishing_allowed,
    giving_up,
    submitting,
    voting,
    editing,
    deciding,
    stopping,
    lifting,
    archiving,
    claiming,
    running,
    finishing,
    closing,
    ended
};

[[nodiscard]] const char* to_string(Phase phase) noexcept;

/// Where a process says what it is doing, in memory that outlives it.
using PhaseBoard = std::atomic<Phase>;

/// A tool that takes effect, and says what it is doing before and after that. Refers to `site` and `phase`.
inline auto phased_tool(const ApproveKit& kit, const char* name, const Site& site, PhaseBoard& phase, Phase running,
                        Phase finishing) {
    return kit.guard(name, [&site, &phase, running, finishing](const Json& arguments) {
        phase = running;
        site.effects.add(arguments.at("call").get<std::string>());
        phase = finishing;
    });
}

/// Approves everything that waits, in that name.
void approve_what_waits(const std::shared_ptr<Storage>& storage, const char* name = "ana");

/// The names of the two calls of play_agent, and of the one of play_waiting_agent.
inline constexpr const char* allowed_call = "allowed";
inline constexpr const char* held_call = "held";

/// The whole life of an agent: it opens the record, makes a call that the policy allows and one that is held, which a
/// reviewer in the same process approves, and closes.
void play_agent(const Site& site, PhaseBoard& phase);

/// Makes a held call and waits for somebody's decision. Calls `tell` when it waits.
void play_waiting_agent(const Site& site, const std::function<void()>& tell);

/// Asks for the held call with an idempotency key, and does not wait for it. Calls `tell` when it is on record.
void play_leaving_agent(const Site& site, const std::function<void()>& tell);

/// An agent that was started again: it asks for that call with the same key. A reviewer in the same process approves it
/// if nobody has. Then it runs the call if nobody has.
void play_restarted_agent(const Site& site, PhaseBoard& phase);

/// Opens the record and approves the one request that waits.
void play_reviewer(const Site& site, PhaseBoard& phase);

}  // namespace approvekit::testing
