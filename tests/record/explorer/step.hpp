#pragma once

#include "approvekit/error.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::explorer {

/// What can happen to a record with one request. The first ones are transactions of the five who act, the others happen
/// between two transactions.
enum class Step {
    // the agent
    submit,
    claim,
    finish,
    give_up,
    close,
    // another agent, where the request has a key
    other_asks,  ///< again, with that key
    other_claims,
    other_finishes,
    // two reviewers
    ana_approves,
    ana_rejects,
    bob_approves,
    bob_rejects,
    // whoever looks
    sweep,

    agent_dies,
    agent_falls_silent,  ///< until its next transaction, which it does not know
    other_dies,
    deadline_nears,  ///< within a minute, which is what an approval has to start at least
    deadline_passes,
    clock_is_set_back,
    // another program
    row_says_approved,
    row_says_rejected,
    row_says_pending,
    row_says_nonsense,
    row_says_other_arguments,
    row_is_removed,
    row_comes_back,
};

using Order = std::vector<Step>;

inline constexpr std::array transactions{
    Step::submit,       Step::claim,        Step::finish,         Step::give_up,      Step::close,
    Step::other_asks,   Step::other_claims, Step::other_finishes, Step::ana_approves, Step::ana_rejects,
    Step::bob_approves, Step::bob_rejects,  Step::sweep};
inline constexpr std::array disturbances{
    Step::agent_dies,        Step::agent_falls_silent,       Step::other_dies,
    Step::deadline_nears,    Step::deadline_passes,          Step::clock_is_set_back,
    Step::row_says_approved, Step::row_says_rejected,        Step::row_says_pending,
    Step::row_says_nonsense, Step::row_says_other_arguments, Step::row_is_removed,
    Step::row_comes_back};
inline constexpr std::size_t all_steps = transactions.size() + disturbances.size();

[[nodiscard]] std::string_view name_of(Step step) noexcept;

[[nodiscard]] constexpr bool is_of_agent(Step step) noexcept {
    return step <= Step::close;
}
[[nodiscard]] constexpr bool is_of_other_agent(Step step) noexcept {
    return step >= Step::other_asks && step <= Step::other_finishes;
}
[[nodiscard]] constexpr bool is_decision(Step step) noexcept {
    return step >= Step::ana_approves && step <= Step::bob_rejects;
}
[[nodiscard]] constexpr bool is_approval(Step step) noexcept {
    return step == Step::ana_approves || step == Step::bob_approves;
}
[[nodiscard]] constexpr bool is_by_ana(Step step) noexcept {
    return step == Step::ana_approves || step == Step::ana_rejects;
}

/// How a step ended; nothing: well.
using Outcome = std::optional<ErrorCode>;

/// `order` as a test case that can be put beside the others.
[[nodiscard]] std::string as_test_case(const Order& order, std::string_view engine, std::string_view what);

}  // namespace approvekit::explorer
