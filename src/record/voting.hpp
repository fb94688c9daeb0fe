#pragma once

#include "approvekit/quorum.hpp"
#include "approvekit/storage.hpp"
#include "record/unit_of_work.hpp"

#include <cstddef>
#include <exception>
#include <optional>
#include <string>

namespace approvekit::record {

/// The quorum of a request of ours, as it was submitted; nothing where one reviewer decides.
[[nodiscard]] std::optional<Quorum> submitted_quorum(const ApprovalRequest& request);

/// Puts the votes on it into a request that has a quorum, without those that count for nobody, into one that was
/// approved what its reviewer changed of the arguments, and into one that was answered the answer. Leaves any other as it is, and looks nothing up for it. Returns how
/// many bytes of votes were read, nearly.
std::size_t tell_votes(ApprovalRequest& request, const Tables& tables, Time now);

/// Takes the votes on a request with a quorum, and counts them (G15).
///
/// A vote counts when it approves the very view that was submitted, by somebody whom the quorum entitles at that time and
/// by now, when it is as its entry tells and, where decisions are signed, when its signature stands. Who has no keys sees
/// only that a listed one is named, and leaves the rest to the claim. Of one person one counts for each view: who edits
/// the arguments makes another one of them (G16), for which the votes before do not count.
/// Refers to the unit of work, which must outlive it.
class Voting {
public:
    /// What a vote comes to.
    struct Result {
        std::exception_ptr refusal;  ///< it is none
        bool decides = false;        ///< it settles the request, which is for the caller to do
    };

    explicit Voting(UnitOfWork& work) noexcept : work_(work) {}

    /// Takes a vote on a pending request. One that does not decide is on record after this.
    [[nodiscard]] Result cast(const StoredRequest& stored, const Quorum& quorum, const Decision& decision);
    /// Puts the one that decided beside the others; `entry_id` tells of it.
    void note(const StoredRequest& stored, const Decision& decision, const std::string& entry_id);

    /// Whether the same vote is on record.
    [[nodiscard]] bool has(const StoredRequest& stored, const Quorum& quorum, const Decision& decision);

    /// Why the votes do not approve `request`, which shows what was submitted, with `edits`, null for none; nothing when
    /// they do. A vote counts only where `verify`, which may be empty, has nothing against it.
    [[nodiscard]] std::optional<std::string> objection(const ApprovalRequest& request, const Quorum& quorum,
                                                       const Json& edits, const DecisionCheck& verify);

private:
    [[nodiscard]] std::exception_ptr refusal_of(const StoredRequest& stored, const Quorum& quorum,
                                                const Decision& decision) const;
    UnitOfWork& work_;
};

}  // namespace approvekit::record
