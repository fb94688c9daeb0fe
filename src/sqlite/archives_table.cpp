#include "sqlite/archives_table.hpp"

#include "approvekit/error.hpp"

#include <utility>

namespace approvekit::sqlite {

using record::ChainStart;
using record::KeptEntry;

namespace {

ArchiveAnchor anchor_in(const Rows& rows) {
    try {
        return ArchiveAnchor::parse(rows.text(0));
    } catch (const Error&) {
        throw StorageError(ErrorCode::storage_corrupt, "what the record says of an archive is not the line of one");
    }
}

}  // namespace

bool ArchivesTable::exists() {
    if (!exists_) exists_ = exists_query_.rows().next();
    return exists_;
}

ChainStart ArchivesTable::start() {
    if (!exists()) return {};
    Rows rows = start_.rows();
    if (!rows.next()) return {};
    return {.place = rows.integer(0), .hash = rows.text(1), .first = rows.text(2)};
}

void ArchivesTable::move_start(const ChainStart& start) {
    const int moved = move_start_.run(start.place, Blob{start.hash}, start.first);
    if (moved == 0) insert_start_.run(start.place, Blob{start.hash}, start.first);
}

void ArchivesTable::insert(const ArchiveAnchor& anchor) {
    const std::string line = anchor.line();
    insert_.run(anchor.place, line);
}

std::optional<ArchiveAnchor> ArchivesTable::last() {
    if (!exists()) return std::nullopt;
    Rows rows = last_.rows();
    return rows.next() ? std::optional(anchor_in(rows)) : std::nullopt;
}

std::vector<ArchiveAnchor> ArchivesTable::all() {
    std::vector<ArchiveAnchor> anchors;
    if (!exists()) return anchors;
    Rows rows = all_.rows();
    while (rows.next())
        anchors.push_back(anchor_in(rows));
    return anchors;
}

void ArchivesTable::begin_plan(const std::string& id) {
    begin_plan_.run(Blob{id});
}

bool ArchivesTable::has_plan(const std::string& id) {
    Rows rows = plan_.rows();
    return rows.next() && rows.text(0) == id;
}

bool ArchivesTable::forget_plan(std::int64_t last, std::size_t most) {
    const auto limit = static_cast<std::int64_t>(most);
    return forget_plan_.run(last, limit) == limit;
}

void ArchivesTable::settle_plan() {
    settle_plan_.run();
}

void ArchivesTable::keep(const KeptEntry& entry) {
    keep_.run(entry.sequence, Blob{entry.before});
}

void ArchivesTable::forget_kept(std::int64_t sequence) {
    forget_kept_.run(sequence, record::place_of_mark(sequence));
}

void ArchivesTable::let_leave(std::int64_t sequence) {
    let_leave_.run(record::place_of_mark(sequence));
}

std::optional<KeptEntry> ArchivesTable::read_kept(Rows rows) {
    if (!rows.next()) return std::nullopt;
    return KeptEntry{.sequence = rows.integer(0), .before = rows.text(1), .leaves = rows.integer(2) != 0};
}

std::optional<KeptEntry> ArchivesTable::kept(std::int64_t sequence) {
    return exists() ? read_kept(kept_.rows(record::place_of_mark(sequence), sequence)) : std::nullopt;
}

std::optional<KeptEntry> ArchivesTable::first_leaving() {
    return exists() ? read_kept(first_leaving_.rows()) : std::nullopt;
}

}  // namespace approvekit::sqlite
