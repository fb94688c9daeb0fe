#include "record/archive_staging.hpp"

namespace approvekit::record {

namespace {

/// Few enough that whoever waits for the transaction hardly notices.
constexpr std::size_t staged_at_once = 250;

}  // namespace

void ArchiveStaging::some(Tables& tables) {
    reached_ = committed_;
    if (!committed_.has_begun) {
        begin(tables);
    } else if (!tables.archives.has_plan(id_)) {
        throw somebody_archives();
    }
    reached_.has_begun = true;
    if (!reached_.is_clear) {
        const auto last = tables.archives.last();
        reached_.is_clear = !tables.archives.forget_plan(last ? last->place : 0, staged_at_once);
        if (!reached_.is_clear) return;
    }
    for (std::size_t count = 0; count < staged_at_once && reached_.rows < all_rows(); ++count)
        write(tables, reached_.rows++);
}

bool ArchiveStaging::go_on() noexcept {
    committed_ = reached_;
    return !committed_.is_clear || committed_.rows < all_rows();
}

void ArchiveStaging::begin(Tables& tables) const {
    tables.archives.begin_plan(id_);
    // While entries of the last archive are still being removed, its plan is in force and must not be mistaken for one
    // that a killed process left. If another archive was made in the meantime, this plan begins at the wrong place.
    const auto last = tables.archives.last();
    const std::int64_t start = tables.archives.start().place;
    if (start != plan_.start().place || (last && start < last->place)) throw somebody_archives();
}

void ArchiveStaging::write(Tables& tables, std::size_t row) const {
    const std::size_t kept = plan_.kept().size();
    if (row < kept) {
        tables.archives.keep(plan_.kept()[row]);
        return;
    }
    const std::int64_t sequence = plan_.leaving()[row - kept];
    // What somebody forged before the first entry is not in any archive.
    if (sequence > 0) tables.archives.let_leave(sequence);
}

}  // namespace approvekit::record
