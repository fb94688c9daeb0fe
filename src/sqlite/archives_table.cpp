#include "sqlite/archives_table.hpp"

#include "record/archive_rows.hpp"

namespace approvekit::sqlite {

using record::ChainStart;
using record::KeptEntry;

ChainStart ArchivesTable::start() {
    if (!table_.exists()) return {};
    return record::read_first(start_.rows(), record::read_chain_start<Rows>).value_or(ChainStart{});
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
    return table_.exists() ? record::read_first(last_.rows(), record::read_anchor<Rows>) : std::nullopt;
}

std::vector<ArchiveAnchor> ArchivesTable::all() {
    return table_.exists() ? record::read_all(all_.rows(), record::read_anchor<Rows>) : std::vector<ArchiveAnchor>();
}

void ArchivesTable::begin_plan(const std::string& id) {
    begin_plan_.run(Blob{id});
}

bool ArchivesTable::has_plan(const std::string& id) {
    Rows rows = plan_.rows();
    return rows.next() && rows.binary(0) == id;
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

std::optional<KeptEntry> ArchivesTable::kept(std::int64_t sequence) {
    if (!table_.exists()) return std::nullopt;
    return record::read_first(kept_.rows(record::place_of_mark(sequence), sequence), record::read_kept<Rows>);
}

std::optional<KeptEntry> ArchivesTable::first_leaving() {
    return table_.exists() ? record::read_first(first_leaving_.rows(), record::read_kept<Rows>) : std::nullopt;
}

}  // namespace approvekit::sqlite
