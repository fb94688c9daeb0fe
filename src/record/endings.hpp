#pragma once

#include "record/audit_writer.hpp"
#include "record/unit_of_work.hpp"

#include <string>

namespace approvekit::record {

/// How a request ends without a reviewer, and what happens when another program writes into its row. Each end sets one
/// state and writes one audit entry. Refers to the unit of work, which must outlive it.
///
/// The caller must have checked the state: settle() is for a pending request, refuse() for an approved one that has not
/// started.
class Endings {
public:
    explicit Endings(UnitOfWork& work) noexcept : work_(work), audit_(work) {}

    void settle(StoredRequest& stored, ApprovalStatus status, const Author& author, const std::string& notes);

    /// The call will not start. `submitted` is as in AuditWriter::ending.
    void refuse(const StoredRequest& stored, const std::string& reason, const ApprovalRequest* submitted = nullptr);

    /// The row is gone, so its status is not known any more. A running call continues, and an ended one stays as it
    /// ended.
    void abandon(const std::string& id, const char* way, const ApprovalRequest* submitted = nullptr);

    /// The agent went away while the call may have been running. Needs no row.
    void mark_unknown(const std::string& id);

    /// Nobody waits for the request any more, so an agent that asks again with its key may take it over. It has not
    /// started.
    void release(const std::string& id, ApprovalStatus status);

    /// Takes back a step of the agent itself: cancels a request that waits, and refuses one that did not start.
    void withdraw(const UnstartedCall& step);

    /// A final state is final: if another program changed the state, sets it back and records that. Returns whether
    /// there was anything to set back. If so, an unused approval does not count any more.
    bool restore(StoredRequest& stored);

    /// The request is now approved, in time: from now on its deadline is the one for its start, see start_window.hpp.
    void open_start_window(StoredRequest& stored);

    /// Records a decision that another program wrote directly into the row. An approval counts from when it is noticed,
    /// so one that is noticed too late leaves no time to start.
    void adopt_foreign_decision(StoredRequest& stored);

    [[nodiscard]] StoredRequest reread(const std::string& id);

private:
    UnitOfWork& work_;
    AuditWriter audit_;
};

[[nodiscard]] AuditEvent event_of(ApprovalStatus status) noexcept;
[[nodiscard]] std::optional<std::string> optional_notes(const std::string& notes);

inline constexpr const char* death_reason = "the agent died while the tool may have been running";

}  // namespace approvekit::record
