#include "terminal/audit_export.hpp"

#include "approvekit/terminal_text.hpp"
#include "review/call_export.hpp"
#include "text/csv.hpp"

#include <array>
#include <string_view>

namespace approvekit::terminal {
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

}  // namespace approvekit::terminal
