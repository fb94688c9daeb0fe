#pragma once

#include "record/tables.hpp"
#include "sqlite/query.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace approvekit::sqlite {

/// The table approvekit_uses. Calls without a limit do not write it. In a file of version 1, which does not have it,
/// functions that only read return nothing.
class UsesTable final : public record::Uses {
public:
    explicit UsesTable(SQLite::Database& database) : database_(database) {}

    void insert(const record::StoredUse& use) override;
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
    [[nodiscard]] static std::string listing(const std::string& more_columns, const char* rest);
    [[nodiscard]] static std::string misfit();

    SQLite::Database& database_;
    LaterTable table_{database_, "approvekit_uses"};
    Query insert_{database_,
                  "INSERT INTO approvekit_uses(limit_id, bucket, start, at, amount, total) VALUES (?, ?, ?, ?, ?, ?)"};
    Query last_{database_, listing("", "WHERE limit_id = ? AND bucket = ? ORDER BY at DESC, number DESC LIMIT 1")};
    Query first_after_{database_,
                       listing("", "WHERE limit_id = ? AND bucket = ? AND at > ? ORDER BY at, number LIMIT 1")};
    Query before_{database_,
                  listing("",
                          "WHERE limit_id = ? AND bucket = ? AND (at, number) < (?, ?) ORDER BY at DESC, number "
                          "DESC LIMIT 1")};
    Query find_{database_, listing("", "WHERE start = ? ORDER BY number LIMIT 1")};
    Query lower_from_{database_,
                      "UPDATE approvekit_uses SET total = total - ? WHERE limit_id = ? AND bucket = ? AND (at, number) "
                      ">= (?, ?)"};
    Query clear_{database_, "UPDATE approvekit_uses SET amount = 0, was_given_back = 1 WHERE number = ?"};
    Query lower_all_{database_, "UPDATE approvekit_uses SET total = total - ? WHERE limit_id = ? AND bucket = ?"};
    Query forget_{
        database_,
        "DELETE FROM approvekit_uses WHERE number IN (SELECT number FROM approvekit_uses WHERE limit_id = ? AND "
        "bucket = ? AND at <= ? ORDER BY at, number LIMIT 100)"};
    Query stretch_{database_, listing(", " + misfit(), "WHERE number >= ? ORDER BY number LIMIT 1000")};
};

}  // namespace approvekit::sqlite
