#include "sqlite/changes_table.hpp"

namespace approvekit::sqlite {

namespace {

constexpr std::int64_t remembered = 10000;

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
    std::vector<StoredChange> changes;
    Rows rows = after_.rows(sequence);
    while (rows.next())
        changes.push_back({rows.integer(0), rows.text(1), rows.text(2)});
    return changes;
}

}  // namespace approvekit::sqlite
