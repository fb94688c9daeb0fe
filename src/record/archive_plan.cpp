#include "record/archive_plan.hpp"

#include "approvekit/error.hpp"
#include "approvekit/limit_use.hpp"
#include "approvekit/metadata_keys.hpp"
#include "record/grant_control.hpp"
#include "record/uses_over.hpp"

#include <algorithm>
#include <utility>

namespace approvekit::record {

namespace {

constexpr std::int64_t first_of_all = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t none_of_ours = std::numeric_limits<std::int64_t>::max();

StorageError not_intact(const AuditReport::Fault& fault) {
    return StorageError(ErrorCode::storage_corrupt,
                        "the record is not intact: " + fault.subject() + ": " + fault.what + "; nothing was archived");
}

bool is_call(const AuditRecord& record) {
    return record.request_id == auto_request_id && record.event == AuditEvent::approved;
}

bool always_stays(AuditEvent event) noexcept {
    return event == AuditEvent::stopped || event == AuditEvent::lifted || event == AuditEvent::archived;
}

/// A hold may be on a call, and the end of a grant keeps its calls; such calls have no entry with the same subject.
bool decides_what_stays(AuditEvent event) noexcept {
    return event == AuditEvent::held || event == AuditEvent::revoked;
}

std::string later(const std::string& one, const std::string& other) {
    return std::max(one, other);
}

}  // namespace

StorageError somebody_archives() {
    return StorageError(ErrorCode::storage_busy,
                        "somebody else is archiving; nothing was archived, try it again when that is done");
}

bool ArchivePlan::some(Tables& tables, ArchiveWriter& writer) {
    // Entries that another archive removed would look as if somebody had tampered with the record.
    if (part_ != Part::begin && tables.archives.start().place != start_.place) throw somebody_archives();
    if (part_ != Part::begin) tables.entries.look_up_to(head_);
    bool goes_on = false;
    switch (part_) {
        case Part::begin:
            begin(tables);
            writer.begin(start_);
            break;
        case Part::entries:
            goes_on = read_entries(tables, writer);
            if (!goes_on) note_open_calls();
            break;
        case Part::later_entries:
            goes_on = has_grants_ && read_later_entries(tables);
            break;
        case Part::grants:
            goes_on = has_grants_ && read_grants(tables);
            break;
        case Part::rows:
            goes_on = choose(tables, writer);
            break;
        case Part::nothing:
            return false;
    }
    if (!goes_on) {
        part_ = static_cast<Part>(static_cast<int>(part_) + 1);
        from_ = part_ == Part::later_entries ? place_ + 1 : first_of_all;
    }
    return part_ != Part::nothing;
}

void ArchivePlan::begin(Tables& tables) {
    head_ = tables.entries.last_place();
    start_ = tables.archives.start();
    place_ = start_.place;
    before_ = start_.ends;
    std::int64_t from = first_of_all;
    tables.grants.each_of_stretch(from, [this](const StoredGrant&, const std::string&) {
        has_grants_ = true;
        return false;
    });
    has_holds_ = !tables.holds.list(false).empty();
}

bool ArchivePlan::each_of_stretch(Tables& tables, const std::function<bool(const Entries::Placed&)>& look) {
    constexpr std::size_t most_at_once = 250;
    std::size_t count = 0;
    bool is_long = false;
    const bool goes_on = tables.entries.each_of_few(from_, most_at_once, [&](const Entries::Placed& entry) {
        is_long = count == most_at_once;
        if (is_long) return false;
        ++count;
        return look(entry);
    });
    return goes_on || is_long;
}

bool ArchivePlan::read_entries(Tables& tables, ArchiveWriter& writer) {
    return each_of_stretch(tables, [&](const Entries::Placed& entry) { return take(tables, entry, writer); });
}

bool ArchivePlan::take(Tables& tables, const Entries::Placed& entry, ArchiveWriter& writer) {
    const AuditRecord& record = entry.record;
    if (entry.sequence > start_.place) {
        chain_.begin_behind(start_);
        if (entry.sequence > head_ || record.timestamp >= until_text_) return false;
        const bool fits = entry.hash.empty() ? chain_.pass_foreign(entry.sequence, record.entry_id, entry.fault)
                                             : chain_.follow(entry.sequence, record, entry.hash, entry.fault);
        if (!fits) throw not_intact(*chain_.report().fault);
        writer.add_entry(entry.sequence, record, entry.hash);
        place_ = entry.sequence;
        ++seen_;
    }
    // Calls of another program never get an end.
    if (record.request_id == auto_request_id && !entry.hash.empty()) note_call(tables, record);
    return true;
}

void ArchivePlan::note_call(Tables& tables, const AuditRecord& record) {
    if (!is_call(record)) {
        if (!record.follows.empty()) open_calls_.erase(record.follows);
        return;
    }
    const std::string grant = grant_named_in(record.metadata);
    open_calls_.emplace(record.entry_id, grant);
    const auto hold = has_holds_ ? tables.holds.find(record.entry_id) : std::nullopt;
    const bool is_held = hold && hold->hold.in_force();
    if (!is_held && !is_not_over(tables, record.entry_id, record.metadata)) return;
    kept_calls_.insert(record.entry_id);
    if (!grant.empty()) kept_grants_.insert(grant);
}

void ArchivePlan::note_open_calls() {
    for (const auto& [entry_id, grant] : open_calls_) {
        kept_calls_.insert(entry_id);
        if (!grant.empty()) kept_grants_.insert(grant);
    }
}

bool ArchivePlan::is_not_over(Tables& tables, const std::string& start, const std::string& metadata) const {
    if (metadata.find(limit_key) == std::string::npos) return false;
    const auto row = tables.uses.find(start);
    if (!row) return false;
    const auto use = LimitUse::in(Json::parse(metadata, nullptr, false));
    return !use || !is_use_over(*use, row->at, until_.time_since_epoch().count());
}

bool ArchivePlan::read_later_entries(Tables& tables) {
    return each_of_stretch(tables, [&](const Entries::Placed& entry) {
        if (entry.sequence > head_) return false;
        const std::string grant = is_call(entry.record) ? grant_named_in(entry.record.metadata) : "";
        if (!grant.empty()) kept_grants_.insert(grant);
        return true;
    });
}

bool ArchivePlan::read_grants(Tables& tables) {
    std::vector<std::string> ids;
    const bool any = tables.grants.each_of_stretch(from_, [&](const StoredGrant& grant, const std::string&) {
        ids.push_back(grant.id);
        return true;
    });
    for (const std::string& id : ids) {
        if (request_stays(tables, id)) kept_grants_.insert(id);
    }
    return any;
}

bool ArchivePlan::choose(Tables& tables, ArchiveWriter& writer) {
    return each_of_stretch(tables, [&](const Entries::Placed& entry) {
        if (entry.sequence > place_) return false;
        choose_one(tables, entry, writer);
        return true;
    });
}

void ArchivePlan::choose_one(Tables& tables, const Entries::Placed& entry, ArchiveWriter& writer) {
    const bool was_kept = entry.sequence <= start_.place;
    first_of_subject_ = entry.sequence;
    if (stays(tables, entry.record)) {
        if (!was_kept) kept_.push_back({entry.sequence, before_.before(entry.record.lane), false});
        kept_digest_.add(entry.sequence, entry.hash);
        if (is_call(entry.record)) staying_calls_.insert(entry.record.entry_id);
    } else {
        if (was_kept) leaving_.push_back(entry.sequence);
        const std::string& subject = entry.record.request_id;
        if (subject != auto_request_id && is_first_to_go(entry)) write_rows(tables, subject, writer);
    }
    if (!was_kept) before_.pass(entry.sequence, entry.record.lane, entry.hash);
}

bool ArchivePlan::is_first_to_go(const Entries::Placed& entry) {
    if (first_of_subject_ != none_of_ours) return first_of_subject_ == entry.sequence;
    return foreign_subjects_.insert(entry.record.request_id).second;
}

bool ArchivePlan::stays(Tables& tables, const AuditRecord& record) {
    if (always_stays(record.event)) return true;
    if (record.request_id != auto_request_id) return request_stays(tables, record.request_id);
    if (!is_call(record)) return staying_calls_.contains(record.follows);
    return kept_calls_.contains(record.entry_id) || kept_grants_.contains(grant_named_in(record.metadata));
}

bool ArchivePlan::request_stays(Tables& tables, const std::string& id) {
    if (kept_grants_.contains(id) || entries_stay(tables, id)) return true;
    const auto request = tables.requests.find(id);
    if (request && (request->request.status == ApprovalStatus::pending || request->is_open)) return true;
    const auto run = tables.bindings.run_of(id);
    if (run && run->is_open) return true;
    const auto hold = tables.holds.find(id);
    if (hold && hold->hold.in_force()) return true;
    const auto settled = tables.entries.settlement(id);
    if (settled && is_not_over(tables, id, settled->metadata)) return true;
    const auto grant = has_grants_ ? tables.grants.find(id) : std::nullopt;
    return grant && later(grant->until, grant->revoked_at) >= until_text_;
}

bool ArchivePlan::entries_stay(Tables& tables, const std::string& id) {
    bool stay = false;
    std::int64_t first = none_of_ours;
    tables.entries.each_of(id, [&](std::int64_t sequence, const AuditRecord& record) {
        first = std::min(first, sequence);
        stay = stay || sequence > place_ || always_stays(record.event);
    });
    first_of_subject_ = first;
    return stay;
}

void ArchivePlan::write_rows(Tables& tables, const std::string& subject, ArchiveWriter& writer) {
    for (const PortableTable& table : portable_tables()) {
        if (table.subject.empty()) continue;
        for (const PortableRow& row : tables.portable.of(table, subject))
            writer.add_row(table, row);
    }
}

bool ArchivePlan::is_outdated(Tables& tables, std::int64_t& seen) const {
    bool outdated = false;
    std::int64_t from = seen + 1;
    const auto look = [&](const Entries::Placed& entry) {
        const AuditRecord& record = entry.record;
        const std::string subject =
            record.request_id != auto_request_id ? record.request_id : grant_named_in(record.metadata);
        outdated = outdated || decides_what_stays(record.event) || (!subject.empty() && was_taken(tables, subject));
        seen = entry.sequence;
        return !outdated;
    };
    while (tables.entries.each_of_stretch(from, look) && !outdated) {
    }
    return outdated;
}

bool ArchivePlan::was_taken(Tables& tables, const std::string& subject) const {
    bool was_taken = false;
    tables.entries.each_of(subject, [&](std::int64_t sequence, const AuditRecord&) {
        const bool is_kept = std::binary_search(
            kept_.begin(), kept_.end(), KeptEntry{sequence, {}, false},
            [](const KeptEntry& one, const KeptEntry& other) { return one.sequence < other.sequence; });
        const bool leaves = std::binary_search(leaving_.begin(), leaving_.end(), sequence);
        was_taken = was_taken || leaves || (sequence > start_.place && sequence <= place_ && !is_kept);
    });
    return was_taken;
}

}  // namespace approvekit::record
