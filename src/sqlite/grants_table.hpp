#pragma once

#include "record/tables.hpp"
#include "sqlite/query.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::sqlite {

/// The tables approvekit_grants and approvekit_grant_uses. A call reads them only if its rule allows grants. If a file
/// does not have them yet, functions that only read return nothing.
class GrantsTable final : public record::Grants {
public:
    explicit GrantsTable(SQLite::Database& database) : database_(database) {}

    void insert(const record::StoredGrant& grant) override;
    void revoke(const record::StoredGrant& grant) override;
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
    [[nodiscard]] static std::string listing(const std::string& more_columns, const char* rest);
    [[nodiscard]] static std::string listing_of_uses(const std::string& more_columns, const char* rest);
    [[nodiscard]] static std::string misfit();
    [[nodiscard]] static std::string misfit_of_use();

    SQLite::Database& database_;
    LaterTable table_{database_, "approvekit_grants"};
    Query insert_{database_,
                  "INSERT INTO approvekit_grants(request_id, tool_name, agent, since, until) VALUES (?, ?, ?, ?, ?)"};
    Query revoke_{database_,
                  "UPDATE approvekit_grants SET revoked_at = ?, revoked_by = ?, revoked_way = ? WHERE request_id = ?"};
    Query find_{database_, listing("", "WHERE request_id = ? ORDER BY number LIMIT 1")};
    Query of_{database_, listing("", "WHERE tool_name = ? AND agent = ? AND until > ? ORDER BY number DESC LIMIT 100")};
    Query stretch_{database_, listing(", number, " + misfit(), "WHERE number >= ? ORDER BY number LIMIT 1000")};
    Query insert_use_{database_, "INSERT INTO approvekit_grant_uses(grant_id, place, start, at) VALUES (?, ?, ?, ?)"};
    Query last_use_{database_, listing_of_uses("", "WHERE grant_id = ? ORDER BY place DESC, number DESC LIMIT 1")};
    Query use_at_{database_, listing_of_uses("", "WHERE grant_id = ? AND place = ? ORDER BY number LIMIT 1")};
    Query forget_uses_{database_, "DELETE FROM approvekit_grant_uses WHERE grant_id = ? AND place >= ?"};
    Query find_use_{database_, listing_of_uses("", "WHERE start = ? ORDER BY number LIMIT 1")};
    Query use_stretch_{database_,
                       listing_of_uses(", number, " + misfit_of_use(), "WHERE number >= ? ORDER BY number LIMIT 1000")};
};

}  // namespace approvekit::sqlite
