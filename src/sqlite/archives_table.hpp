#pragma once

#include "record/retention_tables.hpp"
#include "sqlite/query.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace approvekit::sqlite {

/// The tables approvekit_archives, approvekit_archive_start and approvekit_archive_kept. What only reads gives nothing of a
/// file that has none of them yet.
class ArchivesTable final : public record::Archives {
public:
    explicit ArchivesTable(SQLite::Database& database) : database_(database) {}

    [[nodiscard]] record::ChainStart start() override;
    void move_start(const record::ChainStart& start) override;
    void insert(const ArchiveAnchor& anchor) override;
    [[nodiscard]] std::optional<ArchiveAnchor> last() override;
    [[nodiscard]] std::vector<ArchiveAnchor> all() override;
    void keep(const record::KeptEntry& entry) override;
    void forget_kept(std::int64_t sequence) override;
    void let_leave(std::int64_t sequence) override;
    [[nodiscard]] std::optional<record::KeptEntry> kept(std::int64_t sequence) override;
    [[nodiscard]] std::optional<record::KeptEntry> first_leaving() override;

private:
    [[nodiscard]] bool exists();
    [[nodiscard]] static std::optional<record::KeptEntry> read_kept(Rows rows);

    SQLite::Database& database_;
    bool exists_ = false;  // once it does it stays
    Query exists_query_{database_, "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'approvekit_archives'"};
    Query start_{database_, "SELECT place, hash, first FROM approvekit_archive_start"};
    Query move_start_{database_, "UPDATE approvekit_archive_start SET place = ?, hash = ?, first = ?"};
    Query insert_start_{database_, "INSERT INTO approvekit_archive_start(place, hash, first) VALUES (?, ?, ?)"};
    Query insert_{database_, "INSERT INTO approvekit_archives(place, line) VALUES (?, ?)"};
    Query last_{database_, "SELECT line FROM approvekit_archives ORDER BY place DESC LIMIT 1"};
    Query all_{database_, "SELECT line FROM approvekit_archives ORDER BY place"};
    Query keep_{database_, "INSERT INTO approvekit_archive_kept(seq, before, leaves) VALUES (?, ?, 0)"};
    Query forget_kept_{database_, "DELETE FROM approvekit_archive_kept WHERE seq = ?"};
    Query let_leave_{database_, "UPDATE approvekit_archive_kept SET leaves = 1 WHERE seq = ?"};
    Query kept_{database_, "SELECT seq, before, leaves FROM approvekit_archive_kept WHERE seq = ?"};
    Query first_leaving_{
        database_, "SELECT seq, before, leaves FROM approvekit_archive_kept WHERE leaves = 1 ORDER BY seq LIMIT 1"};
};

}  // namespace approvekit::sqlite
