#pragma once

#include "approvekit/error.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::explorer {

/// What an order is about: one person decides on a request; the request also has an idempotency key; two people have to
/// approve it; stops come; it shares a limit with another agent; or reviewers edit it, of whom one or two have to
/// approve.
enum class Setting { alone, with_key, with_votes, with_stops, with_limit, with_edits, with_voted_edits };

/// The arguments with which a request may be approved and run.
enum class Version { asked, edited, edited_otherwise, another };

/// What can happen to a record with one request. The first steps are transactions of the five parties; the others
/// happen between two transactions.
enum class Step {
    // the agent
    submit,
    claim,
    finish,
    give_up,
    close,
    // another agent, if the request has a key
    other_asks,  ///< again, with that key
    other_claims,
    other_finishes,
    // another agent, if there is a limit
    other_spends,      ///< with a call that the policy allows
    other_gives_back,  ///< what it spent last
    // two reviewers
    ana_approves,
    ana_rejects,
    bob_approves,
    bob_rejects,
    // if two people have to approve
    ana_approves_again,  ///< with other words, and with her name spelled differently
    eve_approves,        ///< she is not one of them
    // if they may edit: both in the same way, and bob also in another way
    ana_edits,
    bob_edits,
    bob_edits_otherwise,
    // whoever may look and stop
    stop,
    resume,
    sweep,

    agent_dies,
    agent_falls_silent,  ///< until its next transaction, without noticing
    other_dies,
    deadline_nears,  ///< up to a minute before it, the shortest time that an approval leaves for the start
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
    vote_is_planted,    ///< by bob, without an entry
    vote_is_copied,     ///< the last one
    votes_are_removed,  ///< all of them
    edits_are_swapped,  ///< every entry about one edit now tells of the other one
    edits_are_removed,  ///< from all entries
    stop_is_removed,
    stop_says_lifted,  ///< but no entry does
    stop_is_narrowed,  ///< to tools that nobody calls
};

using Order = std::vector<Step>;

inline constexpr std::array transactions{Step::submit,
                                         Step::claim,
                                         Step::finish,
                                         Step::give_up,
                                         Step::close,
                                         Step::other_asks,
                                         Step::other_claims,
                                         Step::other_finishes,
                                         Step::other_spends,
                                         Step::other_gives_back,
                                         Step::ana_approves,
                                         Step::ana_rejects,
                                         Step::bob_approves,
                                         Step::bob_rejects,
                                         Step::ana_approves_again,
                                         Step::eve_approves,
                                         Step::ana_edits,
                                         Step::bob_edits,
                                         Step::bob_edits_otherwise,
                                         Step::stop,
                                         Step::resume,
                                         Step::sweep};
inline constexpr std::array disturbances{
    Step::agent_dies,        Step::agent_falls_silent,       Step::other_dies,
    Step::deadline_nears,    Step::deadline_passes,          Step::clock_is_set_back,
    Step::row_says_approved, Step::row_says_rejected,        Step::row_says_pending,
    Step::row_says_nonsense, Step::row_says_other_arguments, Step::row_is_removed,
    Step::row_comes_back,    Step::vote_is_planted,          Step::vote_is_copied,
    Step::votes_are_removed, Step::edits_are_swapped,        Step::edits_are_removed,
    Step::stop_is_removed,   Step::stop_says_lifted,         Step::stop_is_narrowed};
inline constexpr std::size_t all_steps = transactions.size() + disturbances.size();

[[nodiscard]] std::string_view name_of(Step step) noexcept;

[[nodiscard]] constexpr bool is_of_agent(Step step) noexcept {
    return step <= Step::close;
}
[[nodiscard]] constexpr bool is_of_other_agent(Step step) noexcept {
    return step >= Step::other_asks && step <= Step::other_finishes;
}
[[nodiscard]] constexpr bool is_of_spender(Step step) noexcept {
    return step == Step::other_spends || step == Step::other_gives_back;
}
[[nodiscard]] constexpr bool is_claim(Step step) noexcept {
    return step == Step::claim || step == Step::other_claims;
}
[[nodiscard]] constexpr bool is_decision(Step step) noexcept {
    return step >= Step::ana_approves && step <= Step::bob_edits_otherwise;
}
[[nodiscard]] constexpr bool is_approval(Step step) noexcept {
    return is_decision(step) && step != Step::ana_rejects && step != Step::bob_rejects;
}
[[nodiscard]] constexpr bool is_by_ana(Step step) noexcept {
    return step == Step::ana_approves || step == Step::ana_rejects || step == Step::ana_approves_again ||
           step == Step::ana_edits;
}
[[nodiscard]] constexpr bool is_edit(Step step) noexcept {
    return step >= Step::ana_edits && step <= Step::bob_edits_otherwise;
}
/// The version that an approval approves.
[[nodiscard]] constexpr Version version_in(Step step) noexcept {
    if (step == Step::bob_edits_otherwise) return Version::edited_otherwise;
    return is_edit(step) ? Version::edited : Version::asked;
}
/// The reviewer of a decision.
[[nodiscard]] constexpr std::string_view reviewer_in(Step step) noexcept {
    if (step == Step::ana_approves_again) return "ANA";
    return is_by_ana(step) ? "ana" : step == Step::eve_approves ? "eve" : "bob";
}
[[nodiscard]] constexpr bool is_by_another_program(Step step) noexcept {
    return step >= Step::row_says_approved;
}
[[nodiscard]] constexpr bool changes_row(Step step) noexcept {
    return step >= Step::row_says_approved && step <= Step::row_comes_back;
}
[[nodiscard]] constexpr bool forges_votes(Step step) noexcept {
    return step >= Step::vote_is_planted && step <= Step::votes_are_removed;
}
[[nodiscard]] constexpr bool forges_edits(Step step) noexcept {
    return step == Step::edits_are_swapped || step == Step::edits_are_removed;
}
[[nodiscard]] constexpr bool forges_stop(Step step) noexcept {
    return step >= Step::stop_is_removed;
}
[[nodiscard]] constexpr bool is_about_votes(Step step) noexcept {
    return step == Step::ana_approves_again || step == Step::eve_approves || forges_votes(step);
}
[[nodiscard]] constexpr bool moves_clock(Step step) noexcept {
    return step >= Step::deadline_nears && step <= Step::clock_is_set_back;
}
[[nodiscard]] constexpr bool is_about_stops(Step step) noexcept {
    return step == Step::stop || step == Step::resume || forges_stop(step);
}
/// Steps that orders with votes, stops, a limit or edits leave out, so that there are fewer of them.
[[nodiscard]] constexpr bool is_left_to_others(Step step) noexcept {
    return step == Step::agent_falls_silent || step == Step::deadline_nears || step == Step::clock_is_set_back ||
           (step >= Step::row_says_rejected && step <= Step::row_says_nonsense);
}

/// How a step ended; nothing means well.
using Outcome = std::optional<ErrorCode>;

/// `order` as a test case that can be added to the others.
[[nodiscard]] std::string as_test_case(const Order& order, Setting setting, std::string_view engine,
                                       std::string_view what);

}  // namespace approvekit::explorer
