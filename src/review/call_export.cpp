#include "review/call_export.hpp"

#include "approvekit/metadata_keys.hpp"
#include "approvekit/terminal_text.hpp"
#include "record/shown_view.hpp"
#include "text/escape.hpp"

#include <array>
#include <string_view>

namespace approvekit::review {
namespace {

struct CallColumn {
    std::string_view name;
    std::string (*text)(const RecordedCall&);
};

std::string risk_text(const RecordedCall& call) {
    const Json& metadata = call.decision.metadata;
    const Json label = metadata.is_object() ? metadata.value(risk_level_key, Json()) : Json();
    return label.is_string() ? label.get<std::string>() : "";
}

constexpr std::array call_columns{
    CallColumn{"sequence", [](const RecordedCall& call) { return std::to_string(call.decision.sequence); }},
    CallColumn{"decided_at", [](const RecordedCall& call) { return to_text(call.decision.timestamp); }},
    CallColumn{"status", [](const RecordedCall& call) { return std::string(to_string(call.status())); }},
    CallColumn{"decision", [](const RecordedCall& call) { return std::string(to_string(call.decision.decision)); }},
    CallColumn{"tool_name", [](const RecordedCall& call) { return call.decision.tool_name; }},
    CallColumn{"tool_args", [](const RecordedCall& call) { return arguments_text(call.decision); }},
    CallColumn{"risk", risk_text},
    CallColumn{"agent", [](const RecordedCall& call) { return call.agent; }},
    CallColumn{"request_id", [](const RecordedCall& call) { return call.decision.request_id; }},
    CallColumn{"reviewer", [](const RecordedCall& call) { return call.decision.reviewer; }},
    CallColumn{"way", [](const RecordedCall& call) { return call.decision.way; }},
    CallColumn{"signed",
               [](const RecordedCall& call) { return std::string(call.decision.is_signed ? "true" : "false"); }},
    CallColumn{"reviewer_notes", [](const RecordedCall& call) { return call.decision.reviewer_notes.value_or(""); }},
    CallColumn{"ended_at", [](const RecordedCall& call) { return call.end ? to_text(call.end->timestamp) : ""; }},
    CallColumn{"end_notes",
               [](const RecordedCall& call) { return call.end ? call.end->reviewer_notes.value_or("") : ""; }},
    CallColumn{"id", [](const RecordedCall& call) { return call.decision.id; }},
};

template <typename Cell>
std::string row_of_calls(Cell cell) {
    std::string line;
    for (const CallColumn& column : call_columns) {
        if (!line.empty()) line += ',';
        line += text::csv_cell(cell(column));
    }
    return line += "\r\n";
}

}  // namespace

std::string call_header() {
    return row_of_calls([](const CallColumn& column) { return column.name; });
}

std::string call_row(const RecordedCall& call) {
    return row_of_calls([&](const CallColumn& column) { return column.text(call); });
}

std::string call_line(const RecordedCall& call) {
    return to_json_view(call).dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string arguments_text(const AuditEntry& entry) {
    if (!entry.tool_args.is_object()) return terminal_json(entry.tool_args);
    std::string text;
    for (const std::string& name : record::argument_order(entry.tool_args, entry.metadata))
        text += (text.empty() ? "" : ",") + terminal_json(name) + ":" + terminal_json(entry.tool_args.at(name));
    return "{" + text + "}";
}

}  // namespace approvekit::review
