#pragma once

#include "postgres/access.hpp"
#include "record/portable_rows.hpp"

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
    void insert(const record::PortableTable& table, const record::PortableRow& row) override;

private:
    Access access_;
};

}  // namespace approvekit::postgres
