#pragma once

#include "approvekit/quorum.hpp"
#include "approvekit/storage.hpp"
#include "record/unit_of_work.hpp"

#include <cstddef>
#include <exception>
#include <optional>
#include <string>

namespace approvekit::record {

/// Returns the quorum of a request of ours, as it was submitted, or nothing if one reviewer decides.
[[nodiscard]] std::optional<Quorum> submitted_quorum(const ApprovalRequest& request);

/// Fills in what reviewers said on a request: the votes that count, if it has a quorum; the edits, if it was approved;
/// the answer, if it was answered. Leaves any other request unchanged, and looks nothing up for it. Returns roughly how
/// many bytes were read.
std::size_t tell_votes(ApprovalRequest& request, const Tables& tables, Time now);

/// Takes the votes on a request with a quorum, and counts them (G15).
///
/// A vote counts if it approves the very view that was submitted, if the quorum entitles its reviewer at that time and
/// now, if it agrees with its entry, and, if decisions are signed, if its signature is valid. A caller without keys
/// checks only that the signature names a listed key, and leaves the rest to the claim. Each person has one vote for
/// each view. Editing the arguments creates another view (G16), for which earlier votes do not count. Refers to the
/// unit of work, which must outlive it.
class Voting {
public:
    /// The result of a vote.
    struct Result {
        std::exception_ptr refusal;  ///< why the vote was not taken
        bool decides = false;        ///< it settles the request, which the caller has to do
    };

    explicit Voting(UnitOfWork& work) noexcept : work_(work) {}

    /// Takes a vote on a pending request. If it does not decide, it is on record after this.
    [[nodiscard]] Result cast(const StoredRequest& stored, const Quorum& quorum, const Decision& decision);
    /// Adds the vote that decided to the others; `entry_id` is the entry about it.
    void note(const StoredRequest& stored, const Decision& decision, const std::string& entry_id);

    /// Whether the same vote is on record.
    [[nodiscard]] bool has(const StoredRequest& stored, const Quorum& quorum, const Decision& decision);

    /// Returns why the votes do not approve `request`, which shows what was submitted, with `edits` (null: none).
    /// Returns nothing if they do. A vote counts only if `verify`, which may be empty, has no objection.
    [[nodiscard]] std::optional<std::string> objection(const ApprovalRequest& request, const Quorum& quorum,
                                                       const Json& edits, const DecisionCheck& verify);

private:
    [[nodiscard]] std::exception_ptr refusal_of(const StoredRequest& stored, const Quorum& quorum,
                                                const Decision& decision) const;
    UnitOfWork& work_;
};

}  // namespace approvekit::record
