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

    /// Moves to the next row. Returns false if there is none.
    bool next() noexcept { return ++row_ < count(); }

    [[nodiscard]] int count() const noexcept { return result_ ? PQntuples(result_.get()) : 0; }
    [[nodiscard]] int columns() const noexcept { return result_ ? PQnfields(result_.get()) : 0; }
    /// Returns how many rows the statement changed or returned.
    [[nodiscard]] std::int64_t affected() const;

    /// Returns the name of the command that the server says it executed.
    [[nodiscard]] std::string_view command() const noexcept { return PQcmdStatus(result_.get()); }

    [[nodiscard]] std::string text(int column) const { return std::string(bytes(column)); }
    [[nodiscard]] std::optional<std::string> optional_text(int column) const;
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] bool flag(int column) const { return bytes(column) == "t"; }
    [[nodiscard]] bool is_null(int column) const noexcept;
    /// Whether the `columns` columns from `first` on are either all NULL or all not NULL.
    [[nodiscard]] bool is_whole(int first, int columns) const noexcept;
    /// Returns the value of a column of type bytea.
    [[nodiscard]] std::string binary(int column) const;
    /// Returns the bytes of a column, valid as long as the rows exist.
    [[nodiscard]] std::string_view bytes(int column) const noexcept;
    /// Returns how many bytes the row takes.
    [[nodiscard]] std::size_t size() const noexcept;

private:
    ResultHandle result_;
    int row_ = -1;
};
static_assert(record::StoredRows<Rows>);

}  // namespace approvekit::postgres
