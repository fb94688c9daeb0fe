#include "postgres/rows.hpp"

#include <charconv>
#include <memory>
#include <new>
#include <utility>

namespace approvekit::postgres {

namespace {

std::int64_t number_in(std::string_view text) {
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

}  // namespace

std::int64_t Rows::affected() const {
    return result_ ? number_in(PQcmdTuples(result_.get())) : 0;
}

std::optional<std::string> Rows::optional_text(int column) const {
    if (is_null(column)) return std::nullopt;
    return text(column);
}

std::int64_t Rows::integer(int column) const {
    return number_in(bytes(column));
}

bool Rows::is_null(int column) const noexcept {
    return PQgetisnull(result_.get(), row_, column) != 0;
}

bool Rows::is_whole(int first, int columns) const noexcept {
    int missing = 0;
    for (int column = first; column < first + columns; ++column)
        missing += is_null(column) ? 1 : 0;
    return missing == 0 || missing == columns;
}

std::string Rows::binary(int column) const {
    // Accepts both output forms, since the server, the database or the role may be set to either.
    struct Free {
        void operator()(unsigned char* bytes) const noexcept { PQfreemem(bytes); }
    };
    if (is_null(column)) return {};
    const auto* const text = reinterpret_cast<const unsigned char*>(PQgetvalue(result_.get(), row_, column));
    std::size_t size = 0;
    const std::unique_ptr<unsigned char, Free> decoded(PQunescapeBytea(text, &size));
    if (!decoded) throw std::bad_alloc();
    return {reinterpret_cast<const char*>(decoded.get()), size};
}

std::string_view Rows::bytes(int column) const noexcept {
    return {PQgetvalue(result_.get(), row_, column),
            static_cast<std::size_t>(PQgetlength(result_.get(), row_, column))};
}

std::size_t Rows::size() const noexcept {
    std::size_t total = 0;
    for (int column = 0; column < PQnfields(result_.get()); ++column)
        total += static_cast<std::size_t>(PQgetlength(result_.get(), row_, column));
    return total;
}

}  // namespace approvekit::postgres
