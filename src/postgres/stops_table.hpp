#pragma once

#include "postgres/access.hpp"
#include "record/tables.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace approvekit::postgres {

/// The table approvekit_stops. A transaction that asks which stops are in force keeps others from changing that until
/// its commit. So a call either starts before a stop is on record, or knows of it.
class StopsTable final : public record::Stops {
public:
    explicit StopsTable(Access access) noexcept : access_(access) {}

    void insert(const record::StoredStop& stop) override;
    void lift(const record::StoredStop& stop) override;
    [[nodiscard]] std::optional<record::StoredStop> find(std::string_view id) override;
    [[nodiscard]] std::vector<Stop> in_force() override;
    bool each_of_stretch(std::int64_t& from, const record::Look<record::StoredStop>& look) override;
    [[nodiscard]] std::vector<Stop> list(StopList which) override;

private:
    [[nodiscard]] std::vector<Stop> read(const char* rest);

    Access access_;
};

}  // namespace approvekit::postgres
