#include "terminal/audit_view.hpp"

#include "terminal/decision_view.hpp"
#include "terminal/layout.hpp"
#include "terminal/request_view.hpp"

#include <string>

namespace approvekit::terminal {
namespace {

/// Whether it is signed, where somebody was asked to sign: the policy of its agent lists reviewers with keys.
std::string signature_text(const AuditEntry& entry) {
    if (entry.is_signed) return "  signed";
    const bool decides = entry.decision == AuditEvent::approved || entry.decision == AuditEvent::rejected ||
                         entry.decision == AuditEvent::answered;
    const bool wants_signature = entry.metadata.is_object() && entry.metadata.contains(signers_key);
    return decides && wants_signature && entry.ours() && entry.way != "policy" ? "  unsigned" : "";
}

void draw_as(Lines& lines, const AuditEntry& entry, std::string_view event, std::string_view short_id) {
    constexpr std::size_t id_width = 8;
    constexpr std::size_t event_width = 9;
    const Screen& screen = lines.screen();

    std::string text = moment_text(entry.timestamp) + "  " + pad(screen.name(short_id), id_width) + "  ";
    text += screen.paint(status_colour(event), pad(event, event_width)) + "  " + screen.name(entry.tool_name);
    const std::string actor = actor_text(screen, entry.reviewer, entry.way);
    if (!actor.empty()) text += "  " + actor;
    text += signature_text(entry);
    if (!entry.ours()) text += "  (another program's)";
    lines.add(0, text, Colour::plain, 4);
    if (entry.reviewer_notes) lines.add_notes(4, *entry.reviewer_notes);
    draw_answer(lines, 4, 7, answer_in(entry));
}

}  // namespace

void draw_audit_entry(Lines& lines, const AuditEntry& entry, std::string_view short_id) {
    draw_as(lines, entry, to_string(entry.decision), short_id);
}

void draw_call(Lines& lines, const RecordedCall& call, std::string_view short_id) {
    draw_as(lines, call.decision, to_string(call.status()), short_id);
    if (call.end && call.end->reviewer_notes) lines.add_notes(4, *call.end->reviewer_notes);
    for (const AuditEntry& entry : call.others) {
        const std::string notes = entry.reviewer_notes.value_or("");
        lines.add_notes(4, std::string(to_string(entry.decision)) +
                               (entry.reviewer.empty() ? "" : " by " + entry.reviewer) +
                               (notes.empty() ? "" : ": " + notes));
    }
}

}  // namespace approvekit::terminal
