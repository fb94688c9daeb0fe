#pragma once

#include "approvekit/clock.hpp"
#include "approvekit/decision.hpp"
#include "approvekit/json.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit {

/// A reviewer's answer to a request that takes several, or not everybody's. A plain value.
struct Vote {
    Decision decision;  ///< its view_digest is that of what was voted on, whoever named none
    Time time{};        ///< by the clock of the record
};

/// Who decides on a request, and how many of them approve before it runs: what a rule's `approvals`, `reviewers`,
/// `not_requester` and `escalate` say. Fixed when the request is submitted, as part of its metadata, so that the digest
/// of the view covers it. One rejection ends the request. A plain value.
///
/// Names that differ only in case, or in how Unicode writes them, are one person's.
struct Quorum {
    /// Widens the circle when nobody answered for long; the number of approvals stays.
    struct Escalation {
        std::chrono::seconds after{};  ///< since the request was created
        std::vector<std::string> to;
    };

    std::size_t approvals = 1;           ///< of that many people
    std::vector<std::string> reviewers;  ///< the circle, groups replaced by their members; empty: everybody
    std::string requester;               ///< for whom the call is made, and who therefore has no vote; empty: has one
    std::optional<Escalation> escalation = {};

    /// The quorum in a request's metadata; nothing where it has none. One that cannot be read is one that nobody
    /// reaches.
    [[nodiscard]] static std::optional<Quorum> in(const Json& metadata);

    /// Whether the circle has been widened by `now`, for a request of `created_at`.
    [[nodiscard]] bool is_escalated(Time created_at, Time now) const;
    /// The circle as it is by then, each person once and the requester left out; empty: everybody.
    [[nodiscard]] std::vector<std::string> circle(Time created_at, Time now) const;
    /// Whether a vote of `reviewer` counts then.
    [[nodiscard]] bool entitles(std::string_view reviewer, Time created_at, Time now) const;
    /// How many people have to approve still, beside those in `votes`: of those who approve the same arguments, edited or
    /// as they were shown, the most count.
    [[nodiscard]] std::size_t missing(const std::vector<Vote>& votes) const;
};

/// Whether both names are one person's. Throws std::bad_alloc.
[[nodiscard]] bool is_same_person(std::string_view one, std::string_view other);

/// As the HTTP API and --json show it.
[[nodiscard]] Json to_json_view(const Vote& vote);

}  // namespace approvekit
