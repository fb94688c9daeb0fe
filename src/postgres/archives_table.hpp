#pragma once

#include "postgres/access.hpp"
#include "record/retention_tables.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace approvekit::postgres {

/// The tables approvekit_archives, approvekit_archive_start and approvekit_archive_kept. Only the owner of the schema
/// may write them.
class ArchivesTable final : public record::Archives {
public:
    explicit ArchivesTable(Access access) noexcept : access_(access) {}

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
    Access access_;
};

}  // namespace approvekit::postgres
