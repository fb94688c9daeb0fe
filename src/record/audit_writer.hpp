#pragma once

#include "record/unit_of_work.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace approvekit::record {

inline constexpr const char* row_gone_reason = "its row is gone from the database";

/// Writes the audit entry of each transition. Refers to the unit of work, which must outlive it.
class AuditWriter {
public:
    explicit AuditWriter(UnitOfWork& work) noexcept : work_(work) {}

    /// Records what the reviewer saw, as the row has it. If `given` is not null, also records its edits, grant or
    /// answer. Returns the entry's id.
    std::string decision(const StoredRequest& stored, AuditEvent event, const Author& author,
                         const std::optional<std::string>& notes, const Decision* given = nullptr);

    /// Records what was submitted, whatever the row says. `submitted` is the agent's own copy of it, or null.
    void ending(const StoredRequest& stored, AuditEvent event, const Author& author,
                const std::optional<std::string>& notes, const ApprovalRequest* submitted = nullptr);

    /// Records that a request was refused whose row is gone.
    void removed(const std::string& id, const std::string& reason, const char* way, const ApprovalRequest* submitted);

    /// Returns the entry's id.
    std::string intent(const Intent& intent, AuditEvent event);

    /// Records a call that was refused before it became a request or an intent.
    void refusal(const Intent& call);

    /// Records that a stop came into force or was lifted.
    void stop(const Stop& stop, AuditEvent event, const Author& author);

    /// Records that a grant was revoked.
    void revocation(const StoredGrant& grant, const Author& author);

    /// Records that a hold was put on a request or a call with this tool, or that it was ended.
    void hold(const AuditHold& hold, AuditEvent event, const std::string& tool_name, const Author& author);

    /// Records that entries were moved into an archive.
    void archive(const ArchiveAnchor& anchor, const Author& author);

    /// Records how a run ended.
    void outcome(const RunOutcome& outcome, AuditEvent event, const char* way);

    /// Records that a call that the policy allowed did not start.
    void unstarted(const UnstartedCall& call);

private:
    /// Fills in the fields that every entry has. The caller sets whether it is signed.
    [[nodiscard]] AuditRecord begun(std::string_view subject, AuditEvent event, const Author& author) const;
    [[nodiscard]] AuditRecord record_on(const StoredRequest& stored, AuditEvent event, const Author& author,
                                        const std::optional<std::string>& notes) const;
    [[nodiscard]] AuditRecord record_of(const Intent& call, AuditEvent event, const Author& author) const;
    std::string append(AuditRecord record);

    UnitOfWork& work_;
};

/// The metadata of an entry about a stop.
[[nodiscard]] std::string stop_metadata(const Stop& stop);

}  // namespace approvekit::record
