#include "terminal/pages.hpp"

#include "approvekit/terminal_text.hpp"
#include "review/call_export.hpp"
#include "terminal/decision_view.hpp"
#include "terminal/layout.hpp"
#include "terminal/request_view.hpp"
#include "terminal/short_text.hpp"
#include "text/escape.hpp"

#include <array>
#include <string>
#include <string_view>

namespace approvekit::terminal {
namespace {

/// Says whether the entry is signed, if somebody was asked to sign: the policy of its agent lists reviewers with keys.
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
    if (call.others_left_out > 0)
        lines.add(4, "and " + std::to_string(call.others_left_out) + " older ones, see: audit --rows entries");
}

namespace {

struct Column {
    std::string_view name;
    std::string (*text)(const AuditEntry&);
};

constexpr std::array exported_columns{
    Column{"sequence", [](const AuditEntry& entry) { return std::to_string(entry.sequence); }},
    Column{"timestamp", [](const AuditEntry& entry) { return to_text(entry.timestamp); }},
    Column{"decision", [](const AuditEntry& entry) { return std::string(to_string(entry.decision)); }},
    Column{"tool_name", [](const AuditEntry& entry) { return entry.tool_name; }},
    Column{"tool_args", [](const AuditEntry& entry) { return review::arguments_text(entry); }},
    Column{"request_id", [](const AuditEntry& entry) { return entry.request_id; }},
    Column{"reviewer", [](const AuditEntry& entry) { return entry.reviewer; }},
    Column{"way", [](const AuditEntry& entry) { return entry.way; }},
    Column{"reviewer_notes", [](const AuditEntry& entry) { return entry.reviewer_notes.value_or(""); }},
    Column{"metadata", [](const AuditEntry& entry) { return terminal_json(entry.metadata); }},
    Column{"follows", [](const AuditEntry& entry) { return entry.follows; }},
    Column{"signed", [](const AuditEntry& entry) { return std::string(entry.is_signed ? "true" : "false"); }},
    Column{"view", [](const AuditEntry& entry) { return entry.view; }},
    Column{"hash", [](const AuditEntry& entry) { return entry.hash; }},
    Column{"id", [](const AuditEntry& entry) { return entry.id; }},
    Column{"session", [](const AuditEntry& entry) { return std::to_string(entry.session); }},
};

template <typename Cell>
std::string row(Cell cell) {
    std::string line;
    for (const Column& column : exported_columns) {
        if (!line.empty()) line += ',';
        line += text::csv_cell(cell(column));
    }
    return line += "\r\n";
}

}  // namespace

std::string csv_header() {
    return row([](const Column& column) { return column.name; });
}

std::string csv_row(const AuditEntry& entry) {
    return row([&](const Column& column) { return column.text(entry); });
}

namespace {

std::string empty_text(const RequestQuery& query) {
    if (!query.cursor.empty()) return "Nothing more.";
    if (!query.status) return "No request was ever made.";
    if (*query.status == ApprovalStatus::pending) return "Nothing waits for a decision.";
    return "No request is " + std::string(to_string(*query.status)) + ".";
}

}  // namespace

std::vector<DrawnRequest> draw_request_page(Lines& lines, Storage& storage, const RequestQuery& query,
                                            const RequestPage& page) {
    std::vector<DrawnRequest> drawn;
    if (page.requests.empty()) lines.add(0, empty_text(query));
    for (const ApprovalRequest& request : page.requests) {
        const std::string id = short_id(storage, request.id);
        DrawnRequest place{.start = lines.size()};
        if (request.status == ApprovalStatus::pending) {
            place.is_whole = draw_request(lines, request, id, Detail::queue);
            lines.add(0, "");
        } else {
            draw_request_line(lines, request, id);
        }
        place.end = lines.size();
        drawn.push_back(place);
    }
    return drawn;
}

void draw_audit_page(Lines& lines, Storage& storage, const AuditPage& page) {
    if (page.entries.empty()) lines.add(0, "No entries.");
    for (const AuditEntry& entry : page.entries) {
        draw_audit_entry(lines, entry, short_id(storage, entry.request_id));
    }
}

}  // namespace approvekit::terminal
