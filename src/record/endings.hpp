#pragma once

#include "record/audit_writer.hpp"
#include "record/unit_of_work.hpp"

#include <string>

namespace approvekit::record {

/// How a request ends without a reviewer, and what another program's write into its row comes to. Each end is one state
/// with one audit entry. Refers to the unit of work, which must outlive it.
///
/// Whoever calls has compared already: settle() is for what is pending, refuse() for what was approved and not started.
class Endings {
public:
    explicit Endings(UnitOfWork& work) noexcept : work_(work), audit_(work) {}

    void settle(StoredRequest& stored, ApprovalStatus status, const Author& author, const std::string& notes);

    /// The call will not start. `submitted` as for AuditWriter::ending.
    void refuse(const StoredRequest& stored, const std::string& reason, const ApprovalRequest* submitted = nullptr);

    /// Its row is gone, and says nothing any more. A call that runs goes on, and one that ended stays as it ended.
    void abandon(const std::string& id, const char* way, const ApprovalRequest* submitted = nullptr);

    /// The agent went while the call may have been running. Needs no row.
    void mark_unknown(const std::string& id);

    /// Nobody waits for it any more, and one that asks again with its key may take it over. It has not started.
    void release(const std::string& id, ApprovalStatus status);

    /// Takes back a step of the agent's own: what waits is cancelled, what did not start is refused.
    void withdraw(const UnstartedCall& step);

    /// A final state is final: gives a request its state again that another program changed, and says so on record.
    /// Returns whether there was anything to change back. An approval that was not used counts no more then.
    bool restore(StoredRequest& stored);

    /// It is approved by now, in time: from here on the end of its time is that for its start, see start_window.hpp.
    void open_start_window(StoredRequest& stored);

    /// Takes note of a decision that another program wrote straight into the row. An approval counts as given when it is
    /// noticed, so one that is noticed too late has no time to start left.
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
