#pragma once

#include "postgres/access.hpp"
#include "record/tables.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::postgres {

/// The tables approvekit_grants and approvekit_grant_uses. A call reads them only if its rule allows grants. A
/// transaction that looks for a grant holds its row until the commit. So its uses are counted one after the other, and
/// a call either starts before the revocation is on record, or knows of it.
class GrantsTable final : public record::Grants {
public:
    explicit GrantsTable(Access access) noexcept : access_(access) {}

    void insert(const record::StoredGrant& grant) override;
    void revoke(const record::StoredGrant& grant) override;
    void lock(const std::vector<std::string>& ids) override;
    [[nodiscard]] std::optional<record::StoredGrant> find(std::string_view id) override;
    [[nodiscard]] std::vector<record::StoredGrant> of(std::string_view tool_name, std::string_view agent,
                                                      std::string_view now) override;
    bool each_of_stretch(std::int64_t& from, const record::Look<record::StoredGrant>& look) override;

    void insert_use(const record::StoredGrantUse& use) override;
    [[nodiscard]] std::optional<record::StoredGrantUse> last_use(std::string_view grant) override;
    [[nodiscard]] std::optional<record::StoredGrantUse> use_at(std::string_view grant, std::int64_t place) override;
    void forget_uses(std::string_view grant, std::int64_t place) override;
    [[nodiscard]] std::optional<record::StoredGrantUse> find_use(std::string_view start) override;
    bool each_use_of_stretch(std::int64_t& from, const record::Look<record::StoredGrantUse>& look) override;

private:
    template <typename... Values>
    [[nodiscard]] std::optional<record::StoredGrantUse> first_use(const char* rest, const Values&... values);

    Access access_;
};

}  // namespace approvekit::postgres
