#pragma once

#include <cstddef>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>

namespace approvekit::web {

inline constexpr std::size_t maximum_page = 200;

/// Throws Error (invalid_option).
[[noreturn]] void refuse_input(const std::string& message);

/// "a, b, c"
[[nodiscard]] std::string listed(std::initializer_list<std::string_view> names);

/// The parameters of a query, each at most once and all among those that are known.
class Parameters {
public:
    /// `query` as it came, not decoded. Throws Error (invalid_option) for an unknown or repeated name, and for what is not
    /// percent-encoded UTF-8.
    Parameters(std::string_view query, std::initializer_list<std::string_view> known);

    /// Empty when it was not given.
    [[nodiscard]] const std::string& operator[](std::string_view name) const { return values_.find(name)->second; }

    /// Of the parameter `limit`. Throws Error (invalid_option) where it is not from 1 to maximum_page.
    [[nodiscard]] std::size_t limit(std::size_t otherwise) const;

private:
    void add(std::string_view pair);

    std::string known_;
    std::map<std::string, std::string, std::less<>> values_;
};

}  // namespace approvekit::web
