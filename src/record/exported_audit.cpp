#include "record/exported_audit.hpp"

#include "approvekit/error.hpp"
#include "approvekit/terminal_text.hpp"
#include "json/json_view.hpp"
#include "json/strict_reader.hpp"
#include "record/archive_lines.hpp"

#include <istream>
#include <optional>

namespace approvekit::record {
namespace {

constexpr std::int64_t told_at_once = 1000;

/// The reverse of to_json_view. Throws Json::exception if a member is missing or of another type.
std::optional<AuditEntry> read_entry(const Json& json) {
    const auto event = parse_audit_event(json::text_at(json, "decision"));
    const auto timestamp = parse_time(json::text_at(json, "timestamp"));
    if (!event || !timestamp) return std::nullopt;
    AuditEntry entry;
    entry.id = json::text_at(json, "id");
    entry.request_id = json::text_at(json, "request_id");
    entry.tool_name = json::text_at(json, "tool_name");
    entry.tool_args = json.at("tool_args");
    entry.decision = *event;
    entry.timestamp = *timestamp;
    if (!json.at("reviewer_notes").is_null()) entry.reviewer_notes = json::text_at(json, "reviewer_notes");
    entry.metadata = json.at("metadata");
    entry.reviewer = json::text_at(json, "reviewer");
    entry.way = json::text_at(json, "way");
    entry.follows = json::text_at(json, "follows");
    entry.is_signed = json.at("signed").get<bool>();
    entry.view = json::text_at(json, "view");
    entry.session = json.at("session").get<std::int64_t>();
    entry.sequence = json.at("sequence").get<std::int64_t>();
    entry.hash = json::text_at(json, "hash");
    if (json.contains("lane")) entry.lane = json.at("lane").get<std::int64_t>();
    return entry;
}

std::optional<AuditEntry> parse_line(std::string_view line) {
    try {
        return read_entry(parse_json(line, json::any_size));
    } catch (const ArgumentsRefusedError&) {
        return std::nullopt;
    } catch (const Json::exception&) {
        return std::nullopt;
    }
}

}  // namespace

std::string export_line(const AuditEntry& entry) {
    return terminal_json(to_json_view(entry));
}

bool ExportedAudit::follow(std::string_view line) {
    ++lines_;
    if (lines_ == 1) {
        if (const auto start = read_export_head(line)) {
            begin_behind(*start);
            return true;
        }
    }
    const auto entry = parse_line(line);
    if (!entry) return stop("line " + std::to_string(lines_) + " is not an entry of an export");
    last_hash_ = entry->hash;
    if (export_line(*entry) != line) return stop("line " + std::to_string(lines_) + " is not as an export writes it");
    if (!entry->ours()) return chain_.pass_foreign(entry->sequence, entry->id);
    return chain_.follow(entry->sequence, record_of(*entry), hash_bytes(entry->hash));
}

AuditReport ExportedAudit::read(std::istream& in, const std::function<void(std::int64_t)>& progress,
                                const std::optional<std::string>& first) {
    std::string line = first.value_or("");
    for (bool is_read = first.has_value(); is_read || std::getline(in, line); is_read = false) {
        if (in.eof()) {
            stop("line " + std::to_string(lines_ + 1) + " has no end: the export was cut short");
            break;
        }
        if (!follow(line)) break;
        if (progress && lines_ % told_at_once == 0) progress(report().entries);
    }
    return report();
}

bool ExportedAudit::stop(const std::string& what) {
    chain_.stop(chain_.sequence() + 1, "", what);
    return false;
}

}  // namespace approvekit::record
