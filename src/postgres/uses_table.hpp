#pragma once

#include "postgres/access.hpp"
#include "record/tables.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace approvekit::postgres {

/// The table approvekit_uses. Calls without a limit do not write it. A transaction that looks at the last row of a
/// bucket holds the bucket's one row in approvekit_buckets until the commit, and with it the bucket.
class UsesTable final : public record::Uses {
public:
    explicit UsesTable(Access access) noexcept : access_(access) {}

    void insert(const record::StoredUse& use) override;
    void lock(const std::vector<std::pair<std::string, std::string>>& buckets) override;
    [[nodiscard]] std::optional<record::StoredUse> last(std::string_view limit, std::string_view bucket) override;
    [[nodiscard]] std::optional<record::StoredUse> first_after(std::string_view limit, std::string_view bucket,
                                                               std::int64_t at) override;
    [[nodiscard]] std::optional<record::StoredUse> before(const record::StoredUse& use) override;
    [[nodiscard]] std::optional<record::StoredUse> find(std::string_view start) override;
    void give_back(const record::StoredUse& use) override;
    void lower_totals(std::string_view limit, std::string_view bucket, std::int64_t by) override;
    void forget(std::string_view limit, std::string_view bucket, std::int64_t at) override;
    bool each_of_stretch(std::int64_t& from, const record::Look<record::StoredUse>& look) override;

private:
    void own_bucket(std::string_view limit, std::string_view bucket);
    template <typename... Values>
    [[nodiscard]] std::optional<record::StoredUse> first(const char* rest, const Values&... values);

    Access access_;
    std::set<std::pair<std::string, std::string>> owned_;  ///< by limit and bucket
};

}  // namespace approvekit::postgres
