#pragma once

#include "record/chain_ends.hpp"
#include "sqlite/query.hpp"

#include <cstdint>
#include <optional>

namespace approvekit::sqlite {

/// The table approvekit_lanes: the lanes of entries that were written on a server with several. Only a file into which
/// such a record was copied has it.
class LanesTable {
public:
    explicit LanesTable(SQLite::Database& database) : database_(database) {}

    /// SQL for the lane of the entry in `a`.
    static constexpr const char* lane_column = "(SELECT lane FROM approvekit_lanes WHERE seq = a.seq)";

    [[nodiscard]] bool exists() { return exists_.rows().next(); }
    /// Returns where the chains end. Reads all entries after the last one in no lane.
    [[nodiscard]] record::ChainEnds ends();
    void remove(std::int64_t sequence) { remove_.run(sequence); }
    /// Removes what another program stored for entries that are not there yet. An entry in that place would seem to be
    /// in a lane.
    void remove_from(std::int64_t sequence) { remove_from_.run(sequence); }
    [[nodiscard]] std::optional<std::int64_t> without_entry();

private:
    SQLite::Database& database_;
    Query exists_{database_, "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'approvekit_lanes'"};
    Query last_joined_{database_,
                       "SELECT seq, hash FROM approvekit_audit a WHERE hash IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "
                       "approvekit_lanes WHERE seq = a.seq) ORDER BY seq DESC LIMIT 1"};
    Query behind_{database_, std::string("SELECT seq, ") + lane_column +
                                 ", hash FROM approvekit_audit a WHERE seq > ? ORDER BY seq"};
    Query remove_{database_, "DELETE FROM approvekit_lanes WHERE seq = ?"};
    Query remove_from_{database_, "DELETE FROM approvekit_lanes WHERE seq >= ?"};
    Query without_entry_{database_,
                         "SELECT seq FROM approvekit_lanes l WHERE NOT EXISTS (SELECT 1 FROM approvekit_audit WHERE "
                         "seq = l.seq) ORDER BY seq LIMIT 1"};
};

}  // namespace approvekit::sqlite
