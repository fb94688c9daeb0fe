#include "postgres/rows.hpp"

#include <charconv>
#include <utility>

namespace approvekit::postgres {

namespace {

std::int64_t number_in(std::string_view text) {
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

int value_of_digit(char digit) noexcept {
    if (digit >= '0' && digit <= '9') return digit - '0';
    return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : 0;
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

std::string Rows::binary(int column) const {
    const std::string_view text = bytes(column);  // "\x0a0b"
    std::string decoded;
    for (std::size_t at = 2; at + 1 < text.size(); at += 2)
        decoded += static_cast<char>(value_of_digit(text[at]) * 16 + value_of_digit(text[at + 1]));
    return decoded;
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
