#include "record/archive_removal.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace approvekit::record {

namespace {

/// So few that others hardly notice that they wait for the transaction.
constexpr std::size_t removed_at_once = 50;
constexpr std::int64_t uses_removed_at_once = 100;

struct Taken {
    std::int64_t sequence = 0;
    AuditRecord record;
    std::string hash;
};

/// Returns the first entries from that place on, at most `most`, and none after `last`.
std::vector<Taken> entries_from(Entries& entries, std::int64_t place, std::int64_t last, std::size_t most) {
    std::vector<Taken> taken;
    entries.each_of_few(place, most, [&](const Entries::Placed& entry) {
        if (entry.sequence > last) return false;
        taken.push_back({entry.sequence, entry.record, std::string(entry.hash)});
        return taken.size() < most;
    });
    return taken;
}

}  // namespace

bool is_anything_to_remove(Tables& tables) {
    const auto last = tables.archives.last();
    return last && (tables.archives.start().place < last->place || tables.archives.first_leaving());
}

bool ArchiveRemoval::some() {
    return remove_leaving() || remove_next();
}

bool ArchiveRemoval::remove_leaving() {
    for (std::size_t count = 0; count < removed_at_once; ++count) {
        const auto kept = tables_.archives.first_leaving();
        if (!kept) return count > 0;
        for (const Taken& entry : entries_from(tables_.entries, kept->sequence, kept->sequence, 1)) {
            if (!remove(entry.sequence, entry.record)) return true;
        }
        tables_.archives.forget_kept(kept->sequence);
    }
    return true;
}

bool ArchiveRemoval::remove_next() {
    const auto last = tables_.archives.last();
    ChainStart start = tables_.archives.start();
    if (!last || start.place >= last->place) return false;
    const std::int64_t before = start.place;
    start.first = last->database;
    const std::vector<Taken> taken = entries_from(tables_.entries, start.place + 1, last->place, removed_at_once);
    // Somebody else removed what the archive contains. Otherwise this would never end.
    if (taken.empty()) {
        auto ends = ChainEnds::of_text(last->hash, last->place).value_or(ChainEnds());
        start = {last->place, std::move(ends), last->database};
    }
    for (const Taken& entry : taken) {
        if (!tables_.archives.kept(entry.sequence) && !remove(entry.sequence, entry.record)) break;
        start.place = entry.sequence;
        start.ends.pass(entry.sequence, entry.record.lane, entry.hash);
    }
    if (start.place > before) tables_.archives.move_start(start);
    return true;
}

bool ArchiveRemoval::remove(std::int64_t sequence, const AuditRecord& record) {
    if (record.request_id != auto_request_id) {
        if (!remove_uses(record.request_id)) return false;
        remove_rows(record.request_id);
    }
    tables_.entries.remove(sequence, record.entry_id);
    ++removed_;
    return true;
}

bool ArchiveRemoval::remove_uses(const std::string& grant) {
    const auto last = tables_.grants.last_use(grant);
    if (!last || last->place <= uses_removed_at_once) return true;
    // The last ones first, so that the places of those that are left have no gap.
    tables_.grants.forget_uses(grant, last->place - uses_removed_at_once + 1);
    return false;
}

void ArchiveRemoval::remove_rows(const std::string& request_id) {
    const auto run = tables_.bindings.run_of(request_id);
    const auto request = tables_.requests.find(request_id);
    tables_.keys.outlive(request_id, run ? run->state : RunState::none, request ? request->request.run_note : "");
    for (const PortableTable& table : portable_tables()) {
        if (!table.subject.empty()) tables_.portable.remove(table, request_id);
    }
}

}  // namespace approvekit::record
