#pragma once

#include "postgres/access.hpp"
#include "record/retention_tables.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::postgres {

/// The table approvekit_archive_holds. If two hold the same at the same time, there are two rows, and the last one
/// counts.
class HoldsTable final : public record::Holds {
public:
    explicit HoldsTable(Access access) noexcept : access_(access) {}

    void insert(const record::StoredHold& hold) override;
    void end(const record::StoredHold& hold) override;
    /// Within a transaction, nobody else can end it before the commit.
    [[nodiscard]] std::optional<record::StoredHold> find(std::string_view subject) override;
    [[nodiscard]] std::vector<record::StoredHold> list(bool all) override;
    bool each_of_stretch(std::int64_t& from,
                         const std::function<bool(const record::StoredHold&, const std::string&)>& look) override;

private:
    Access access_;
};

}  // namespace approvekit::postgres
