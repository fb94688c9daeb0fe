#include "terminal/audit_view.hpp"

#include "terminal/layout.hpp"
#include "terminal/request_view.hpp"

#include <string>

namespace approvekit::terminal {
namespace {

/// Whether somebody took it who could have signed it.
bool is_decision(const AuditEntry& entry) {
    const bool decides = entry.decision == AuditEvent::approved || entry.decision == AuditEvent::rejected;
    return decides && entry.ours() && entry.way != "policy";
}

}  // namespace

void draw_audit_entry(Lines& lines, const AuditEntry& entry, std::string_view short_id) {
    constexpr std::size_t id_width = 8;
    constexpr std::size_t event_width = 9;
    const Screen& screen = lines.screen();
    const std::string_view event = to_string(entry.decision);

    std::string text = moment_text(entry.timestamp) + "  " + pad(screen.name(short_id), id_width) + "  ";
    text += screen.paint(status_colour(event), pad(event, event_width)) + "  " + screen.name(entry.tool_name);
    const std::string actor = actor_text(screen, entry.reviewer, entry.way);
    if (!actor.empty()) text += "  " + actor;
    if (is_decision(entry)) text += entry.is_signed ? "  signed" : "  unsigned";
    if (!entry.ours()) text += "  (another program's)";
    lines.add(0, text, Colour::plain, 4);
    if (entry.reviewer_notes) lines.add_notes(4, *entry.reviewer_notes);
}

}  // namespace approvekit::terminal
