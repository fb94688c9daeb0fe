#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::postgres {

/// Returns `text` in a form that the server can store: UTF-8, with U+FFFD in place of each NUL.
[[nodiscard]] std::string storable_text(std::string_view text);

/// A value bound as bytea.
struct Binary {
    std::string_view bytes;
};

/// SQL with the values that are bound to $1, $2, and so on. A value.
class Statement {
public:
    template <typename... Values>
    explicit Statement(std::string sql, const Values&... values) : sql_(std::move(sql)) {
        values_.reserve(sizeof...(values));
        (bind(values), ...);
    }

    /// Binds one more value.
    template <typename Value>
    void add(const Value& value) {
        bind(value);
    }

    [[nodiscard]] const std::string& sql() const noexcept { return sql_; }
    [[nodiscard]] const std::vector<std::optional<std::string>>& values() const noexcept { return values_; }

private:
    void bind(std::string_view text) { values_.emplace_back(storable_text(text)); }
    void bind(const std::string& text) { bind(std::string_view(text)); }
    void bind(const char* text) { bind(std::string_view(text)); }
    void bind(std::int64_t number) { values_.emplace_back(std::to_string(number)); }
    void bind(bool flag) { values_.emplace_back(flag ? "t" : "f"); }
    void bind(Binary binary);
    void bind(std::nullopt_t) { values_.emplace_back(); }
    void bind(const std::vector<std::string>& texts);
    template <typename Value>
    void bind(const std::optional<Value>& value) {
        value ? bind(*value) : bind(std::nullopt);
    }

    std::string sql_;
    std::vector<std::optional<std::string>> values_;
};

}  // namespace approvekit::postgres
