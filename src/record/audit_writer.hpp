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

    /// Tells what a reviewer saw, which is what the row says, and what `given`, where it is not null, edited of it, granted
    /// or answered. Returns the entry's id.
    std::string decision(const StoredRequest& stored, AuditEvent event, const Author& author,
                         const std::optional<std::string>& notes, const Decision* given = nullptr);

    /// Tells what was submitted, whatever the row says; `submitted` is the agent's own word for it, or null.
    void ending(const StoredRequest& stored, AuditEvent event, const Author& author,
                const std::optional<std::string>& notes, const ApprovalRequest* submitted = nullptr);

    /// Tells that the request, whose row is gone, was refused.
    void removed(const std::string& id, const std::string& reason, const char* way, const ApprovalRequest* submitted);

    /// Returns the entry's id.
    std::string intent(const Intent& intent, AuditEvent event);

    /// Tells of a call that was refused before it became a request or an intent.
    void refusal(const Intent& call);

    /// Tells that a stop came into force or was lifted.
    void stop(const Stop& stop, AuditEvent event, const Author& author);

    /// Tells that a grant was revoked.
    void revocation(const StoredGrant& grant, const Author& author);

    /// Tells that a hold was put on something that was asked with this tool, or that it was ended.
    void hold(const AuditHold& hold, AuditEvent event, const std::string& tool_name, const Author& author);

    /// Tells that entries were moved into an archive.
    void archive(const ArchiveAnchor& anchor, const Author& author);

    /// Tells how a run ended.
    void outcome(const RunOutcome& outcome, AuditEvent event, const char* way);

    /// Tells that a call which the policy allowed did not start.
    void unstarted(const UnstartedCall& call);

private:
    /// With what every entry has; whether it is signed is for those to say who know.
    [[nodiscard]] AuditRecord begun(std::string_view subject, AuditEvent event, const Author& author) const;
    [[nodiscard]] AuditRecord record_on(const StoredRequest& stored, AuditEvent event, const Author& author,
                                        const std::optional<std::string>& notes) const;
    [[nodiscard]] AuditRecord record_of(const Intent& call, AuditEvent event, const Author& author) const;
    std::string append(AuditRecord record);

    UnitOfWork& work_;
};

/// What an entry says of a stop besides its tools.
[[nodiscard]] std::string stop_metadata(const Stop& stop);

}  // namespace approvekit::record
