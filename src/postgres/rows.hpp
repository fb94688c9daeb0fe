#pragma once

#include "record/stored_rows.hpp"

#include <libpq-fe.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace approvekit::postgres {

struct ClearResult {
    void operator()(PGresult* result) const noexcept { PQclear(result); }
};
using ResultHandle = std::unique_ptr<PGresult, ClearResult>;

/// The rows of one statement, all of them in memory. Owns them.
class Rows {
public:
    Rows() = default;
    explicit Rows(ResultHandle result) noexcept : result_(std::move(result)) {}

    /// Moves to the next row; false when there is none.
    bool next() noexcept { return ++row_ < count(); }

    [[nodiscard]] int count() const noexcept { return result_ ? PQntuples(result_.get()) : 0; }
    [[nodiscard]] int columns() const noexcept { return result_ ? PQnfields(result_.get()) : 0; }
    /// How many rows the statement changed, or gave.
    [[nodiscard]] std::int64_t affected() const;

    /// The command's name, as the server says that it did it.
    [[nodiscard]] std::string_view command() const noexcept { return PQcmdStatus(result_.get()); }

    [[nodiscard]] std::string text(int column) const { return std::string(bytes(column)); }
    [[nodiscard]] std::optional<std::string> optional_text(int column) const;
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] bool flag(int column) const { return bytes(column) == "t"; }
    [[nodiscard]] bool is_null(int column) const noexcept;
    /// Whether `columns` columns from the first one on are NULL all or none.
    [[nodiscard]] bool is_whole(int first, int columns) const noexcept;
    /// What a column of type bytea holds.
    [[nodiscard]] std::string binary(int column) const;
    /// The bytes of a column, valid as long as the rows are.
    [[nodiscard]] std::string_view bytes(int column) const noexcept;
    /// How many bytes the row takes.
    [[nodiscard]] std::size_t size() const noexcept;

private:
    ResultHandle result_;
    int row_ = -1;
};
static_assert(record::StoredRows<Rows>);

}  // namespace approvekit::postgres
