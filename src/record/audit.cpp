#include "approvekit/audit.hpp"

#include "base/enum_names.hpp"
#include "json/json_view.hpp"

#include <string>

namespace approvekit {
namespace {

constexpr base::EnumNames<AuditEvent, 18> event_names({
    {AuditEvent::approved, "approved"},
    {AuditEvent::rejected, "rejected"},
    {AuditEvent::timeout, "timeout"},
    {AuditEvent::cancelled, "cancelled"},
    {AuditEvent::denied, "denied"},
    {AuditEvent::refused, "refused"},
    {AuditEvent::executed, "executed"},
    {AuditEvent::failed, "failed"},
    {AuditEvent::unknown, "unknown"},
    {AuditEvent::resumed, "resumed"},
    {AuditEvent::stopped, "stopped"},
    {AuditEvent::lifted, "lifted"},
    {AuditEvent::voted, "voted"},
    {AuditEvent::revoked, "revoked"},
    {AuditEvent::answered, "answered"},
    {AuditEvent::archived, "archived"},
    {AuditEvent::held, "held"},
    {AuditEvent::released, "released"},
});

}  // namespace

std::string_view to_string(AuditEvent event) noexcept {
    return event_names.text(event);
}

std::optional<AuditEvent> parse_audit_event(std::string_view text) noexcept {
    return event_names.value(text);
}

Json to_json_view(const AuditEntry& entry) {
    Json view = {
        {"id", entry.id},
        {"request_id", entry.request_id},
        {"tool_name", entry.tool_name},
        {"tool_args", entry.tool_args},
        {"decision", to_string(entry.decision)},
        {"timestamp", to_text(entry.timestamp)},
        {"reviewer_notes", json::text_or_null(entry.reviewer_notes)},
        {"metadata", entry.metadata},
        {"reviewer", json::text_or_null(entry.reviewer)},
        {"way", json::text_or_null(entry.way)},
        {"follows", json::text_or_null(entry.follows)},
        {"signed", entry.is_signed},
        {"view", json::text_or_null(entry.view)},
        {"session", entry.session},
        {"sequence", entry.sequence},
        {"hash", json::text_or_null(entry.hash)},
        {"ours", entry.ours()},
    };
    if (entry.lane) view["lane"] = *entry.lane;
    return view;
}

Json to_json_view(const AgentSession& session) {
    return {{"number", session.number},
            {"started_at", to_text(session.started_at)},
            {"ended_at", json::text_or_null(session.ended_at)}};
}

std::string AuditReport::Fault::subject() const {
    return request_id.empty() ? "entry " + std::to_string(sequence) : "request " + request_id;
}

}  // namespace approvekit
