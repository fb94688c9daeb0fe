#pragma once

#include "record/stored_rows.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace approvekit::sqlite {

/// The rows of one execution. The destructor resets the statement, so that no read lock outlives its reader.
class Rows {
public:
    explicit Rows(SQLite::Statement& statement) noexcept : statement_(&statement) {}
    ~Rows();
    Rows(Rows&& other) noexcept;
    Rows(const Rows&) = delete;
    Rows& operator=(const Rows&) = delete;
    Rows& operator=(Rows&&) = delete;

    /// Moves to the next row. Returns false if there is none.
    bool next();

    /// From now on, a longer text is not copied; a note on its length takes its place.
    void leave_out_longer_than(std::size_t bytes) noexcept { longest_text_ = bytes; }

    [[nodiscard]] std::string text(int column) const;
    [[nodiscard]] std::optional<std::string> optional_text(int column) const;
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] bool flag(int column) const { return integer(column) != 0; }
    [[nodiscard]] bool is_null(int column) const;
    /// Returns all bytes of a column, no matter how many.
    [[nodiscard]] std::string binary(int column) const { return std::string(bytes(column)); }

    /// Returns the bytes of a column, valid until next().
    [[nodiscard]] std::string_view bytes(int column) const;

    /// Returns roughly how much text() returns for all columns of the row together.
    [[nodiscard]] std::size_t size() const;

private:
    SQLite::Statement* statement_;
    std::size_t longest_text_ = std::numeric_limits<std::size_t>::max();
};
static_assert(record::StoredRows<Rows>);

/// A value bound as a blob.
struct Blob {
    std::string_view bytes;
};

/// One prepared statement, created at its first use. Strings are bound without a copy and must outlive the Rows.
class Query {
public:
    Query(SQLite::Database& database, std::string sql) : database_(database), sql_(std::move(sql)) {}

    template <typename... Values>
    [[nodiscard]] Rows rows(const Values&... values) {
        prepare();
        [[maybe_unused]] int index = 0;  // not used without values
        (bind(++index, values), ...);
        return Rows(*statement_);
    }

    /// Runs a statement that returns no rows. Returns how many rows it changed.
    template <typename... Values>
    int run(const Values&... values) {
        Rows execution = rows(values...);
        execution.next();
        return database_.getChanges();
    }

    /// Prepares it now, for callers that cannot let this fail later.
    void prepare();

private:
    void bind(int index, std::string_view text);
    void bind(int index, const std::string& text);
    void bind(int index, const char* text) { bind(index, std::string_view(text)); }
    void bind(int index, std::int64_t value);
    void bind(int index, Blob blob);
    void bind(int index, std::nullptr_t);

    template <typename Value>
    void bind(int index, const std::optional<Value>& value) {
        value ? bind(index, *value) : bind(index, nullptr);
    }

    SQLite::Database& database_;
    std::string sql_;
    std::unique_ptr<SQLite::Statement> statement_;
};

/// A table that may be missing in a file of an earlier version that is only read. Once it exists, it stays.
class LaterTable {
public:
    LaterTable(SQLite::Database& database, const std::string& name)
        : query_(database, "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '" + name + "'") {}

    [[nodiscard]] bool exists() {
        if (!exists_) exists_ = query_.rows().next();
        return exists_;
    }

private:
    Query query_;
    bool exists_ = false;
};

/// A column and how its values may be stored, since SQLite lets any column hold any type.
struct StorageClass {
    const char* name;
    const char* value;    ///< SQL
    const char* allowed;  ///< SQL, as in: 'text', 'null'
};

/// Returns SQL for what is wrong with the first of `columns` that is stored in another way; NULL if there is none.
[[nodiscard]] std::string storage_class_fault(std::initializer_list<StorageClass> columns);

}  // namespace approvekit::sqlite
