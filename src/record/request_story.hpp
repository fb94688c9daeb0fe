#pragma once

#include "record/audit_chain.hpp"
#include "record/rows.hpp"
#include "record/tables.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace approvekit::record {

/// Returns what an entry about the end of a run tells besides: when the call was allowed to start, and whether the row
/// of its request was still there.
[[nodiscard]] std::string run_metadata(const std::string& started_at, bool has_row = true);

/// Whether the entry says that the row of its request was gone when it was written.
[[nodiscard]] bool tells_of_removed_row(const AuditRecord& record);

/// Compares what the chain tells of one request with what is stored of it.
///
/// Refers to the stored request, which must outlive it.
class RequestStory {
public:
    explicit RequestStory(const StoredRequest& stored) : stored_(stored) {}

    /// Takes the next of our entries about the request, oldest first.
    void follow(std::int64_t sequence, const AuditRecord& record);

    /// Returns what is wrong with the stored request, or an empty text.
    [[nodiscard]] std::string misfit() const;

private:
    struct Told {
        std::int64_t sequence;
        AuditRecord record;
    };

    [[nodiscard]] bool tells_of_close(const AuditRecord& record) const;
    [[nodiscard]] std::string misfit_of_state() const;
    [[nodiscard]] std::string misfit_of_unsettled() const;
    [[nodiscard]] std::string misfit_of_view() const;
    [[nodiscard]] std::string misfit_of_run() const;
    [[nodiscard]] bool is_as_it_ended(const AuditRecord& ended) const;
    [[nodiscard]] bool is_as_it_runs() const;
    [[nodiscard]] bool is_as_it_was_left() const;
    [[nodiscard]] bool is_approved() const;

    const StoredRequest& stored_;
    std::optional<Told> settlement_;
    std::optional<Told> run_;
    std::optional<Told> view_;
    std::int64_t other_view_at_ = 0;
    bool is_closed_ = false;   // an entry tells what closed it
    bool is_refused_ = false;  // an entry says that it was refused
};

/// Checks that each vote on one request that the chain tells of is stored, and stored once. The reverse, that an entry
/// tells of each stored vote, is checked where the votes are read. Refers to the votes, which must outlive it.
class VoteCheck {
public:
    VoteCheck(Votes& votes, std::string request_id) : votes_(votes), request_id_(std::move(request_id)) {}

    /// Takes the next of our entries about the request. Looks nothing up if it tells of no vote.
    void follow(const AuditRecord& record);

    /// Returns what is wrong, or an empty text.
    [[nodiscard]] const std::string& misfit() const noexcept { return misfit_; }

private:
    void look();

    Votes& votes_;
    std::string request_id_;
    std::optional<std::set<std::string>> entries_;  // those that the votes name
    std::string misfit_;
};

}  // namespace approvekit::record
