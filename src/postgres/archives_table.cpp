#include "postgres/archives_table.hpp"

#include "approvekit/error.hpp"

#include <utility>

namespace approvekit::postgres {

using record::ChainStart;
using record::KeptEntry;

namespace {

ArchiveAnchor anchor_in(const Rows& rows) {
    try {
        return ArchiveAnchor::parse(rows.bytes(0));
    } catch (const Error&) {
        throw StorageError(ErrorCode::storage_corrupt, "what the record says of an archive is not the line of one");
    }
}

std::optional<KeptEntry> read_kept(Rows rows) {
    if (!rows.next()) return std::nullopt;
    return KeptEntry{.sequence = rows.integer(0), .before = rows.binary(1), .leaves = rows.flag(2)};
}

}  // namespace

ChainStart ArchivesTable::start() {
    Rows rows = access_.connection.rows("SELECT place, hash, first FROM approvekit.approvekit_archive_start");
    if (!rows.next()) return {};
    return {.place = rows.integer(0), .hash = rows.binary(1), .first = rows.text(2)};
}

void ArchivesTable::move_start(const ChainStart& start) {
    access_.connection.queue("DELETE FROM approvekit.approvekit_archive_start");
    access_.connection.queue("INSERT INTO approvekit.approvekit_archive_start(place, hash, first) VALUES ($1, $2, $3)",
                             start.place, Binary{start.hash}, start.first);
}

void ArchivesTable::insert(const ArchiveAnchor& anchor) {
    access_.connection.queue("INSERT INTO approvekit.approvekit_archives(place, line) VALUES ($1, $2)", anchor.place,
                             anchor.line());
}

std::optional<ArchiveAnchor> ArchivesTable::last() {
    Rows rows = access_.connection.rows("SELECT line FROM approvekit.approvekit_archives ORDER BY place DESC LIMIT 1");
    return rows.next() ? std::optional(anchor_in(rows)) : std::nullopt;
}

std::vector<ArchiveAnchor> ArchivesTable::all() {
    std::vector<ArchiveAnchor> anchors;
    Rows rows = access_.connection.rows("SELECT line FROM approvekit.approvekit_archives ORDER BY place");
    while (rows.next())
        anchors.push_back(anchor_in(rows));
    return anchors;
}

void ArchivesTable::keep(const KeptEntry& entry) {
    access_.connection.queue(
        "INSERT INTO approvekit.approvekit_archive_kept(seq, before, leaves) VALUES ($1, $2, false)", entry.sequence,
        Binary{entry.before});
}

void ArchivesTable::forget_kept(std::int64_t sequence) {
    access_.connection.queue("DELETE FROM approvekit.approvekit_archive_kept WHERE seq = $1", sequence);
}

void ArchivesTable::let_leave(std::int64_t sequence) {
    access_.connection.queue("UPDATE approvekit.approvekit_archive_kept SET leaves = true WHERE seq = $1", sequence);
}

std::optional<KeptEntry> ArchivesTable::kept(std::int64_t sequence) {
    return read_kept(access_.connection.rows(
        "SELECT seq, before, leaves FROM approvekit.approvekit_archive_kept WHERE seq = $1", sequence));
}

std::optional<KeptEntry> ArchivesTable::first_leaving() {
    return read_kept(access_.connection.rows(
        "SELECT seq, before, leaves FROM approvekit.approvekit_archive_kept WHERE leaves ORDER BY seq LIMIT 1"));
}

}  // namespace approvekit::postgres
