#include "terminal/audit_export.hpp"

#include "approvekit/terminal_text.hpp"
#include "record/argument_order.hpp"
#include "text/escape.hpp"

#include <array>

namespace approvekit::terminal {
namespace {

struct Column {
    std::string_view name;
    std::string (*text)(const AuditEntry&);
};

/// In the order of their author, as on a screen.
std::string arguments_text(const AuditEntry& entry) {
    if (!entry.tool_args.is_object()) return terminal_json(entry.tool_args);
    std::string text;
    for (const std::string& name : record::argument_order(entry.tool_args, entry.metadata))
        text += (text.empty() ? "" : ",") + terminal_json(name) + ":" + terminal_json(entry.tool_args.at(name));
    return "{" + text + "}";
}

constexpr std::array exported_columns{
    Column{"sequence", [](const AuditEntry& entry) { return std::to_string(entry.sequence); }},
    Column{"timestamp", [](const AuditEntry& entry) { return to_text(entry.timestamp); }},
    Column{"decision", [](const AuditEntry& entry) { return std::string(to_string(entry.decision)); }},
    Column{"tool_name", [](const AuditEntry& entry) { return entry.tool_name; }},
    Column{"tool_args", arguments_text},
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
        line += csv_cell(cell(column));
    }
    return line += "\r\n";
}

bool starts_formula(std::string_view text) noexcept {
    constexpr std::string_view signs = "=+-@\t\r\n";
    // The full-width forms of the same signs, which some spreadsheets take for them.
    constexpr std::array wide_signs{"\uff1d", "\uff0b", "\uff0d", "\uff20"};
    if (text.empty()) return false;
    if (signs.find(text[0]) != std::string_view::npos) return true;
    for (const std::string_view sign : wide_signs) {
        if (text.starts_with(sign)) return true;
    }
    return false;
}

}  // namespace

std::string csv_header() {
    return row([](const Column& column) { return column.name; });
}

std::string csv_row(const AuditEntry& entry) {
    return row([&](const Column& column) { return column.text(entry); });
}

std::string csv_cell(std::string_view text) {
    std::string cell = starts_formula(text) ? "\"'" : "\"";
    for (const char character : text::escape(text)) {
        if (character == '"') cell += '"';
        cell += character;
    }
    return cell += '"';
}

}  // namespace approvekit::terminal
