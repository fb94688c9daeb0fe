#include "report.hpp"

#include <approvekit/terminal_text.hpp>

#include <iomanip>

namespace approvekit::demo {
namespace {

Json to_json(const Refusal& refusal) {
    return {{"event", "blocked"},
            {"code", to_string(refusal.code)},
            {"message", refusal.message},
            {"request_id", refusal.request_id},
            {"text_for_model", refusal.text_for_model()}};
}

}  // namespace

void Report::begin(const Places& places) {
    if (form_ == Form::text) return text_of(places);
    line({{"event", "begin"}, {"database", places.database}, {"folder", places.folder}});
}

void Report::step(const Announcement& announcement) {
    const auto& [number, tool, text] = announcement;
    if (form_ == Form::json) return line({{"event", "step"}, {"number", number}, {"tool", tool}});
    out_ << number << ". " << tool << "\n   " << text << std::endl;
}

void Report::result(const Outcome<Json>& outcome) {
    if (form_ == Form::json) {
        return line(outcome ? Json{{"event", "done"}, {"result", outcome.value()}} : to_json(outcome.refusal()));
    }
    if (outcome) {
        out_ << "   Done: " << terminal_text(outcome.value().dump()) << "\n" << std::endl;
    } else {
        out_ << "   Blocked: " << terminal_text(outcome.refusal().message) << "\n" << std::endl;
    }
}

void Report::audit(const std::vector<AuditEntry>& entries) {
    if (form_ == Form::text) out_ << "The audit, oldest first:\n";
    for (const AuditEntry& entry : entries) {
        if (form_ == Form::text) {
            text_of(entry);
        } else {
            line({{"event", "audit"}, {"entry", to_json_view(entry)}});
        }
    }
    out_ << std::flush;
}

void Report::line(const Json& object) {
    out_ << object.dump(-1, ' ', false, Json::error_handler_t::replace) << std::endl;
}

void Report::text_of(const Places& places) {
    const std::string database = terminal_text(places.database);
    out_ << "This agent has five things to do, and may do only the first without asking.\n";
    if (places.link.empty()) {
        out_ << "Open a second terminal and start a reviewer there:\n\n"
             << "  approvekit-web --db '" << database << "'       to decide in the browser, or\n"
             << "  approvekit-review --db '" << database << "'    to decide in the terminal\n\n";
    } else {
        out_ << "Decide what it asks for on this page:\n\n  " << places.link << "\n\n";
    }
    out_ << "What it does, it does in " << terminal_text(places.folder) << "\n" << std::endl;
}

void Report::text_of(const AuditEntry& entry) {
    out_ << "  " << to_text(entry.timestamp).substr(11, 8) << "  " << std::left << std::setw(26)
         << terminal_text(entry.tool_name) << std::setw(10) << to_string(entry.decision);
    if (!entry.reviewer.empty()) out_ << " by " << terminal_text(entry.reviewer);
    if (entry.reviewer_notes) out_ << "  (" << terminal_text(*entry.reviewer_notes) << ")";
    out_ << "\n";
}

}  // namespace approvekit::demo
