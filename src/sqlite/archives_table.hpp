#pragma once

#include "record/retention_tables.hpp"
#include "sqlite/query.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace approvekit::sqlite {

/// The tables approvekit_archives, approvekit_archive_start and approvekit_archive_kept. The last one has a row for
/// each entry that stays, one at the negative place of each entry that is about to be removed, and one at place 0 as
/// long as there is a plan. Functions that only read return nothing for a file that lacks these tables.
class ArchivesTable final : public record::Archives {
public:
    explicit ArchivesTable(SQLite::Database& database) : database_(database) {}

    [[nodiscard]] record::ChainStart start() override;
    void move_start(const record::ChainStart& start) override;
    void insert(const ArchiveAnchor& anchor) override;
    [[nodiscard]] std::optional<ArchiveAnchor> last() override;
    [[nodiscard]] std::vector<ArchiveAnchor> all() override;
    void begin_plan(const std::string& id) override;
    [[nodiscard]] bool has_plan(const std::string& id) override;
    bool forget_plan(std::int64_t last, std::size_t most) override;
    void keep(const record::KeptEntry& entry) override;
    void let_leave(std::int64_t sequence) override;
    void settle_plan() override;
    void forget_kept(std::int64_t sequence) override;
    [[nodiscard]] std::optional<record::KeptEntry> kept(std::int64_t sequence) override;
    [[nodiscard]] std::optional<record::KeptEntry> first_leaving() override;

private:
    SQLite::Database& database_;
    LaterTable table_{database_, "approvekit_archives"};
    Query start_{database_, "SELECT place, hash, first FROM approvekit_archive_start"};
    Query move_start_{database_, "UPDATE approvekit_archive_start SET place = ?, hash = ?, first = ?"};
    Query insert_start_{database_, "INSERT INTO approvekit_archive_start(place, hash, first) VALUES (?, ?, ?)"};
    Query insert_{database_, "INSERT INTO approvekit_archives(place, line) VALUES (?, ?)"};
    Query last_{database_, "SELECT line FROM approvekit_archives ORDER BY place DESC LIMIT 1"};
    Query all_{database_, "SELECT line FROM approvekit_archives ORDER BY place"};
    Query keep_{database_, "INSERT INTO approvekit_archive_kept(seq, before, leaves) VALUES (?, ?, 0)"};
    Query begin_plan_{database_,
                      "INSERT INTO approvekit_archive_kept(seq, before, leaves) VALUES (0, ?, 0) ON CONFLICT(seq) DO "
                      "UPDATE SET before = excluded.before"};
    Query plan_{database_, "SELECT before FROM approvekit_archive_kept WHERE seq = 0"};
    Query forget_plan_{
        database_,
        "DELETE FROM approvekit_archive_kept WHERE seq IN (SELECT seq FROM approvekit_archive_kept WHERE "
        "seq < 0 UNION ALL SELECT seq FROM approvekit_archive_kept WHERE seq > ? LIMIT ?)"};
    Query settle_plan_{database_, "DELETE FROM approvekit_archive_kept WHERE seq = 0"};
    Query let_leave_{database_, "INSERT INTO approvekit_archive_kept(seq, before, leaves) VALUES (?, x'', 1)"};
    Query forget_kept_{database_, "DELETE FROM approvekit_archive_kept WHERE seq IN (?, ?)"};
    Query kept_{
        database_,
        "SELECT seq, before, EXISTS (SELECT 1 FROM approvekit_archive_kept WHERE seq = ?) AND NOT EXISTS (SELECT "
        "1 FROM approvekit_archive_kept WHERE seq = 0) FROM approvekit_archive_kept WHERE seq = ?"};
    Query first_leaving_{database_,
                         "SELECT -seq, before, leaves FROM approvekit_archive_kept WHERE leaves = 1 AND NOT EXISTS "
                         "(SELECT 1 FROM approvekit_archive_kept WHERE seq = 0) ORDER BY seq DESC LIMIT 1"};
};

}  // namespace approvekit::sqlite
