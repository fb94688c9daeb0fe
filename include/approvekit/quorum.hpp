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

/// A reviewer's vote on a request that needs several approvals, or that only some reviewers may decide. A plain value.
struct Vote {
    Decision decision;  ///< its view_digest is that of the view voted on, even if the reviewer gave none
    Time time{};        ///< by the record's clock
};

/// Who decides on a request, and how many approvals it needs before it runs: what a rule's `approvals`, `reviewers`,
/// `not_requester` and `escalate` say. Fixed when the request is submitted, as part of its metadata, so the digest of
/// the view covers it. One rejection ends the request. A plain value.
///
/// Names that differ only in case or in their Unicode form count as the same person.
struct Quorum {
    /// Lets more people decide when nobody has answered for some time. The number of approvals stays.
    struct Escalation {
        std::chrono::seconds after{};  ///< since the request was created
        std::vector<std::string> to;
    };

    std::size_t approvals = 1;           ///< from that many different people
    std::vector<std::string> reviewers;  ///< who may decide, with groups replaced by their members; empty: everybody
    /// The person the call is made for, who has no vote; empty: nobody is excluded.
    std::string requester;
    std::optional<Escalation> escalation = {};

    /// Reads the quorum from a request's metadata. Returns nothing when there is none. A quorum that cannot be parsed
    /// becomes one that nobody can reach.
    [[nodiscard]] static std::optional<Quorum> in(const Json& metadata);

    /// Whether the escalation has taken effect by `now`, for a request created at `created_at`.
    [[nodiscard]] bool is_escalated(Time created_at, Time now) const;
    /// Who may decide at `now`: each person once, without the requester. Empty: everybody.
    [[nodiscard]] std::vector<std::string> circle(Time created_at, Time now) const;
    /// Whether a vote of `reviewer` counts at `now`.
    [[nodiscard]] bool entitles(std::string_view reviewer, Time created_at, Time now) const;
    /// How many more people have to approve, in addition to those in `votes`. Approvals count together only if they
    /// approve the same arguments, edited or as shown; the largest such group counts.
    [[nodiscard]] std::size_t missing(const std::vector<Vote>& votes) const;
};

/// Whether both names count as the same person. Throws std::bad_alloc.
[[nodiscard]] bool is_same_person(std::string_view one, std::string_view other);

/// The vote as the HTTP API and --json show it.
[[nodiscard]] Json to_json_view(const Vote& vote);

}  // namespace approvekit
