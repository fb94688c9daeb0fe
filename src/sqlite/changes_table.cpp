#include "sqlite/changes_table.hpp"

namespace approvekit::sqlite {

namespace {

constexpr std::int64_t remembered = 10000;

/// The columns of the query for changes, in its order.
struct ChangeColumn {
    enum : int { seq, request_id, status };
};

}  // namespace

void ChangesTable::add(const std::string& request_id, std::string_view status) {
    add_.run(request_id, status);
    forget_.run(static_cast<std::int64_t>(database_.getLastInsertRowid()) - remembered);
}

std::int64_t ChangesTable::last() {
    Rows rows = last_.rows();
    return rows.next() ? rows.integer(0) : 0;
}

std::vector<StoredChange> ChangesTable::after(std::int64_t sequence) {
    return record::read_all(after_.rows(sequence), [](const Rows& row) {
        return StoredChange{row.integer(ChangeColumn::seq), row.text(ChangeColumn::request_id),
                            row.text(ChangeColumn::status)};
    });
}

}  // namespace approvekit::sqlite
