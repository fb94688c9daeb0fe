#include "postgres/archives_table.hpp"

#include "record/archive_rows.hpp"

#include <utility>

namespace approvekit::postgres {

using record::ChainStart;
using record::KeptEntry;

ChainStart ArchivesTable::start() {
    Rows rows = access_.connection.rows("SELECT place, hash, first FROM approvekit.approvekit_archive_start");
    return record::read_first(std::move(rows), record::read_chain_start<Rows>).value_or(ChainStart{});
}

void ArchivesTable::move_start(const ChainStart& start) {
    const std::string ends = start.ends.bytes();
    access_.connection.queue("DELETE FROM approvekit.approvekit_archive_start");
    access_.connection.queue("INSERT INTO approvekit.approvekit_archive_start(place, hash, first) VALUES ($1, $2, $3)",
                             start.place, Binary{ends}, start.first);
}

void ArchivesTable::insert(const ArchiveAnchor& anchor) {
    access_.connection.queue("INSERT INTO approvekit.approvekit_archives(place, line) VALUES ($1, $2)", anchor.place,
                             anchor.line());
}

std::optional<ArchiveAnchor> ArchivesTable::last() {
    Rows rows = access_.connection.rows("SELECT line FROM approvekit.approvekit_archives ORDER BY place DESC LIMIT 1");
    return record::read_first(std::move(rows), record::read_anchor<Rows>);
}

std::vector<ArchiveAnchor> ArchivesTable::all() {
    Rows rows = access_.connection.rows("SELECT line FROM approvekit.approvekit_archives ORDER BY place");
    return record::read_all(std::move(rows), record::read_anchor<Rows>);
}

void ArchivesTable::begin_plan(const std::string& id) {
    access_.connection.queue(
        "INSERT INTO approvekit.approvekit_archive_kept(seq, before, leaves) VALUES (0, $1, false) ON CONFLICT (seq) "
        "DO UPDATE SET before = excluded.before",
        Binary{id});
}

bool ArchivesTable::has_plan(const std::string& id) {
    Rows rows =
        access_.connection.rows("SELECT before FROM approvekit.approvekit_archive_kept WHERE seq = 0 FOR UPDATE");
    return rows.next() && rows.binary(0) == id;
}

bool ArchivesTable::forget_plan(std::int64_t last, std::size_t most) {
    const auto limit = static_cast<std::int64_t>(most);
    const Rows rows = access_.connection.rows(
        "DELETE FROM approvekit.approvekit_archive_kept WHERE seq IN (SELECT seq FROM "
        "approvekit.approvekit_archive_kept WHERE seq < 0 UNION ALL SELECT seq FROM approvekit.approvekit_archive_kept "
        "WHERE seq > $1 LIMIT $2)",
        last, limit);
    return rows.affected() == limit;
}

void ArchivesTable::settle_plan() {
    access_.connection.queue("DELETE FROM approvekit.approvekit_archive_kept WHERE seq = 0");
}

void ArchivesTable::keep(const KeptEntry& entry) {
    access_.connection.queue(
        "INSERT INTO approvekit.approvekit_archive_kept(seq, before, leaves) VALUES ($1, $2, false)", entry.sequence,
        Binary{entry.before});
}

void ArchivesTable::forget_kept(std::int64_t sequence) {
    access_.connection.queue("DELETE FROM approvekit.approvekit_archive_kept WHERE seq IN ($1, $2)", sequence,
                             record::place_of_mark(sequence));
}

void ArchivesTable::let_leave(std::int64_t sequence) {
    access_.connection.queue(
        "INSERT INTO approvekit.approvekit_archive_kept(seq, before, leaves) VALUES ($1, '', true)",
        record::place_of_mark(sequence));
}

std::optional<KeptEntry> ArchivesTable::kept(std::int64_t sequence) {
    Rows rows = access_.connection.rows(
        "SELECT seq, before, EXISTS (SELECT 1 FROM approvekit.approvekit_archive_kept WHERE seq = $2) AND NOT EXISTS "
        "(SELECT 1 FROM approvekit.approvekit_archive_kept WHERE seq = 0) FROM approvekit.approvekit_archive_kept "
        "WHERE seq = $1",
        sequence, record::place_of_mark(sequence));
    return record::read_first(std::move(rows), record::read_kept<Rows>);
}

std::optional<KeptEntry> ArchivesTable::first_leaving() {
    Rows rows = access_.connection.rows(
        "SELECT -seq, before, leaves FROM approvekit.approvekit_archive_kept WHERE leaves AND NOT EXISTS (SELECT 1 "
        "FROM approvekit.approvekit_archive_kept WHERE seq = 0) ORDER BY seq DESC LIMIT 1");
    return record::read_first(std::move(rows), record::read_kept<Rows>);
}

}  // namespace approvekit::postgres
