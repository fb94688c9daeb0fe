#include "sqlite/lanes_table.hpp"

#include <optional>
#include <utility>

namespace approvekit::sqlite {

record::ChainEnds LanesTable::ends() {
    std::int64_t place = 0;
    record::ChainEnds ends;
    if (Rows joined = last_joined_.rows(); joined.next()) {
        place = joined.integer(0);
        ends = record::ChainEnds(place, joined.binary(1));
    }
    Rows rows = behind_.rows(place);
    while (rows.next()) {
        const auto lane = rows.is_null(1) ? std::nullopt : std::optional(rows.integer(1));
        ends.pass(rows.integer(0), lane, rows.binary(2));
    }
    return ends;
}

std::optional<std::int64_t> LanesTable::without_entry() {
    Rows rows = without_entry_.rows();
    return rows.next() ? std::optional(rows.integer(0)) : std::nullopt;
}

}  // namespace approvekit::sqlite
