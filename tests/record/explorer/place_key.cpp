#include "approvekit/metadata_keys.hpp"
#include "record/explorer/site.hpp"

#include <cstdint>
#include <set>

namespace approvekit::explorer {

namespace {

std::string text_of(const memory::RequestRow& row) {
    return row.status + row.tool_args + '|';
}

std::string text_of(const memory::BindingRow& row) {
    return (row.run.is_open ? "open " : "closed ") + std::string(to_string(row.run.state)) + " of " +
           std::to_string(row.binding.session) + " until " + std::to_string(row.binding.boot_deadline) + '|';
}

/// Each version has a different address.
std::string text_of_edits(const memory::EntryRow& entry) {
    const std::string& metadata = entry.record.metadata;
    return metadata.find(edited_key) == std::string::npos ? ""
                                                          : Json::parse(metadata).at(edited_key).at("edits").dump();
}

std::string text_of(const memory::EntryRow& entry) {
    const record::AuditRecord& record = entry.record;
    const std::string session = record.event == AuditEvent::resumed ? std::to_string(record.session) : "";
    return std::string(to_string(record.event)) + '/' + record.way + '/' + record.reviewer + session +
           text_of_edits(entry) + '|';
}

/// Who has votes, with an entry or without, and whether something is stopped.
std::string text_of_votes_and_stops(const memory::State& state) {
    std::string text;
    for (const auto& vote : state.votes)
        text += vote->decision.reviewer + (vote->entry_id.empty() ? "?" : "!");
    for (const auto& stop : state.stops)
        text += "stop of " + stop->stop.tool + (stop->stop.in_force() ? "|" : " over|");
    return text;
}

std::string text_of(const record::StoredUse& use, const std::string& request_id) {
    return (use.start == request_id ? "claim at " : "intent at ") + std::to_string(use.at) + " of " +
           std::to_string(use.amount) + " to " + std::to_string(use.total) + '|';
}

/// What only verifying looks at.
std::string details_of(const memory::State& state) {
    std::set<std::string> told;
    for (const auto& entry : state.entries) {
        told.insert(text_of(*entry) + entry->record.timestamp + entry->record.notes.value_or("-"));
    }
    std::string text;
    for (const std::string& each : told)
        text += each;
    for (const auto& [id, row] : state.requests)
        text += row.reviewed_at.value_or("-") + row.reviewer_notes.value_or("-");
    for (const auto& [id, row] : state.bindings)
        text += row->run.started_at + row->finished_at.value_or("-") + row->note;
    for (const auto& vote : state.votes)
        text += vote->decided_at;
    for (const auto& stop : state.stops)
        text += stop->since + '-' + stop->ended_at;
    return text;
}

}  // namespace

std::string MemorySite::key(bool exact) const {
    const memory::State state = database_->snapshot();
    std::string key = to_text(clock_->now()) + std::to_string(clock_->since_boot().count()) + '|';
    for (const auto& [id, row] : state.requests)
        key += text_of(row);
    for (const auto& [id, row] : state.bindings)
        key += text_of(*row);
    if (removed_ && state.requests.empty()) key += "removed " + text_of(*removed_);
    if (!state.decisions.empty()) {
        const record::StoredDecision& last = *state.decisions.back();
        key += last.decision.reviewer + last.decided_at + '|';
    }
    for (const auto& [number, session] : state.sessions)
        key += session.ended_at ? "ended " : "open ";
    for (const std::int64_t living : state.living)
        key += std::to_string(living) + " lives|";
    key += was_resumed_ ? "resumed|" : "";
    key += text_of_votes_and_stops(state);
    for (const record::StoredUse& use : state.uses)
        key += text_of(use, request_.id);
    // Code that reads entries asks only for the first one that settles, whether one refuses, and whether one ends the
    // run.
    std::set<std::string> told;
    for (const auto& entry : state.entries)
        told.insert(text_of(*entry));
    for (const std::string& text : told)
        key += text;
    return exact ? key + details_of(state) : key;
}

}  // namespace approvekit::explorer
