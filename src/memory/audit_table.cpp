#include "memory/tables.hpp"

#include "approvekit/error.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

namespace approvekit::memory {

namespace {

bool is_settlement(const record::AuditRecord& record) {
    return record.request_id != auto_request_id && parse_approval_status(to_string(record.event));
}

std::int64_t sequence_of(const std::string& cursor) {
    std::int64_t sequence = 0;
    const auto [end, error] = std::from_chars(cursor.data(), cursor.data() + cursor.size(), sequence);
    if (error != std::errc{} || end != cursor.data() + cursor.size()) throw not_a_cursor();
    return sequence;
}

}  // namespace

void DecisionsTable::insert(const record::StoredDecision& decision) {
    // Of these only the entry tells, as in a database.
    record::StoredDecision stored = decision;
    stored.decision.edits = nullptr;
    stored.decision.grant = std::nullopt;
    stored.decision.answer = nullptr;
    state_.decisions.push_back(std::make_shared<const record::StoredDecision>(std::move(stored)));
}

std::optional<record::StoredDecision> DecisionsTable::find(std::string_view request_id) {
    const auto found = std::find_if(state_.decisions.rbegin(), state_.decisions.rend(),
                                    [&](const auto& decision) { return decision->decision.request_id == request_id; });
    return found == state_.decisions.rend() ? std::nullopt : std::optional(**found);
}

bool DecisionsTable::each_of_stretch(std::int64_t& from, const record::Look<record::StoredDecision>& look) {
    if (from == std::numeric_limits<std::int64_t>::max()) return false;
    from = std::numeric_limits<std::int64_t>::max();
    return std::all_of(state_.decisions.begin(), state_.decisions.end(),
                       [&](const auto& decision) { return look(*decision, ""); });
}

void SessionsTable::end(std::int64_t number, const std::string& ended_at) {
    const auto found = state_.sessions.find(number);
    if (found != state_.sessions.end() && !found->second.ended_at) found->second.ended_at = ended_at;
}

void SessionsTable::resume(std::int64_t number) {
    state_.sessions.at(number).ended_at.reset();
}

bool SessionsTable::is_open(std::int64_t number) {
    const auto found = state_.sessions.find(number);
    return found != state_.sessions.end() && !found->second.ended_at;
}

std::string SessionsTable::objection(std::int64_t number, std::int64_t sequence) {
    const auto found = state_.sessions.find(number);
    if (found == state_.sessions.end()) return "its session " + std::to_string(number) + " is not on record";
    return found->second.first_entry < sequence ? "" : "its session " + std::to_string(number) + " began later";
}

std::optional<AgentSession> SessionsTable::find(std::int64_t number) {
    const auto found = state_.sessions.find(number);
    if (found == state_.sessions.end()) return std::nullopt;
    const auto ended_at = found->second.ended_at ? parse_time(*found->second.ended_at) : std::nullopt;
    return AgentSession{number, parse_time(found->second.started_at).value_or(Time{}), ended_at};
}

void AuditTable::append(const record::AuditRecord& record) {
    const auto last = static_cast<std::int64_t>(state_.entries.size());
    const std::string before = last == 0 ? "" : state_.entries.back()->hash;
    state_.entries.push_back(
        std::make_shared<const EntryRow>(EntryRow{record, record::link_hash(before, last + 1, record)}));
}

std::vector<record::OpenIntent> AuditTable::open_intents(std::int64_t session) {
    std::vector<record::OpenIntent> intents;
    for (const auto& entry : state_.entries) {
        const record::AuditRecord& record = entry->record;
        if (record.session != session || record.request_id != auto_request_id) continue;
        if (record.event == AuditEvent::approved) {
            intents.push_back({record.entry_id, record.request_id, record.tool_name});
        } else {
            std::erase_if(intents, [&](const auto& intent) { return intent.entry_id == record.follows; });
        }
    }
    return intents;
}

bool AuditTable::is_open_intent(const std::string& entry_id) {
    const auto count = [&](auto is) { return std::count_if(state_.entries.begin(), state_.entries.end(), is); };
    return count([&](const auto& entry) { return entry->record.entry_id == entry_id; }) == 1 &&
           count([&](const auto& entry) { return entry->record.follows == entry_id; }) == 0;
}

std::optional<record::AuditRecord> AuditTable::settlement(std::string_view request_id) {
    const auto found = std::find_if(state_.entries.begin(), state_.entries.end(), [&](const auto& entry) {
        return entry->record.request_id == request_id && is_settlement(entry->record);
    });
    return found == state_.entries.end() ? std::nullopt : std::optional((*found)->record);
}

std::optional<record::AuditRecord> AuditTable::find(std::string_view request_id, std::string_view entry_id) {
    const auto found = std::find_if(state_.entries.begin(), state_.entries.end(), [&](const auto& entry) {
        return entry->record.request_id == request_id && entry->record.entry_id == entry_id;
    });
    return found == state_.entries.end() || request_id == auto_request_id ? std::nullopt
                                                                          : std::optional((*found)->record);
}

std::optional<record::AuditRecord> AuditTable::find_intent(std::string_view entry_id) {
    const auto found = std::find_if(state_.entries.begin(), state_.entries.end(), [&](const auto& entry) {
        const record::AuditRecord& record = entry->record;
        return record.request_id == auto_request_id && record.entry_id == entry_id &&
               record.event == AuditEvent::approved;
    });
    return found == state_.entries.end() ? std::nullopt : std::optional((*found)->record);
}

void AuditTable::each_of(std::string_view request_id,
                         const std::function<void(std::int64_t, const record::AuditRecord&)>& look) {
    if (request_id == auto_request_id) return;
    for (std::size_t index = 0; index < state_.entries.size(); ++index) {
        const record::AuditRecord& record = state_.entries[index]->record;
        if (record.request_id == request_id) look(static_cast<std::int64_t>(index) + 1, record);
    }
}

bool AuditTable::each_of_stretch(std::int64_t& from, const std::function<bool(const Placed&)>& look) {
    const auto last = last_place();
    for (from = std::max<std::int64_t>(from, 1); from <= last; ++from) {
        const EntryRow& entry = *state_.entries[static_cast<std::size_t>(from) - 1];
        if (!look({from, entry.record, entry.hash, ""})) return false;
    }
    return false;
}

std::int64_t AuditTable::last_place() {
    return static_cast<std::int64_t>(state_.entries.size());
}

void AuditTable::remove(std::int64_t /*sequence*/, const std::string& /*entry_id*/) {
    throw no_archives();
}

AuditPage AuditTable::list(const AuditQuery& query) {
    const std::int64_t from = query.cursor.empty() ? -1 : sequence_of(query.cursor);
    std::vector<AuditEntry> all;
    std::int64_t sequence = 0;
    for (const auto& row : state_.entries) {
        ++sequence;
        const bool is_behind = query.oldest_first ? sequence > from : sequence < from;
        const bool is_wanted = query.request_id.empty() ||
                               (row->record.request_id == query.request_id && query.request_id != auto_request_id);
        if (is_wanted && (from < 0 || is_behind)) all.push_back(record::entry_of(sequence, row->record, row->hash));
    }
    if (!query.oldest_first) std::reverse(all.begin(), all.end());
    AuditPage page;
    if (move_page(all, query.limit, page.entries)) page.next = std::to_string(page.entries.back().sequence);
    return page;
}

void GrantsTable::forget_uses(std::string_view /*grant*/, std::int64_t /*place*/) {
    throw no_archives();
}

Error not_a_cursor() {
    return Error(ErrorCode::invalid_option, "the cursor is not one that a page handed out; start without one");
}

StorageError no_archives() {
    return StorageError(ErrorCode::storage_io, "a record in memory has no archives");
}

}  // namespace approvekit::memory
