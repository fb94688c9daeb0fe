#pragma once

#include "postgres/access.hpp"
#include "record/portable_rows.hpp"

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace approvekit::postgres {

/// Every table of the schema, row by row.
class PortableRows final : public record::PortableRows {
public:
    explicit PortableRows(Access access) noexcept : access_(access) {}

    [[nodiscard]] std::vector<record::PortableRow> of(const record::PortableTable& table,
                                                      std::string_view subject) override;
    void remove(const record::PortableTable& table, std::string_view subject) override;
    [[nodiscard]] std::vector<record::PortableRow> behind(const record::PortableTable& table,
                                                          const std::optional<std::string>& last,
                                                          std::size_t limit) override;
    /// Rows are sent in batches of limited size, so that neither side needs much memory.
    void insert(const record::PortableTable& table, const record::PortableRow& row) override;
    void expect_pauses() override;
    void number_behind(const record::PortableTable& table) override;

private:
    Access access_;
    std::size_t queued_bytes_ = 0;
    std::size_t queued_rows_ = 0;
};

}  // namespace approvekit::postgres
