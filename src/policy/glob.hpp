#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace approvekit::policy {

/// A text in which each "*" stands for any number of bytes, none included. Everything else means itself. A value.
class Glob {
public:
    explicit Glob(std::string text) : text_(std::move(text)) {}

    /// Takes time in proportion to the product of both lengths at worst, and mostly to that of `name`.
    [[nodiscard]] bool matches(std::string_view name) const noexcept;

    /// Whether it matches each text that `other` matches.
    [[nodiscard]] bool covers(const Glob& other) const noexcept { return matches(other.text_); }

    [[nodiscard]] const std::string& text() const noexcept { return text_; }
    [[nodiscard]] bool has_star() const noexcept { return text_.find('*') != std::string::npos; }

    /// How many characters mean themselves: the more, the more specific.
    [[nodiscard]] std::size_t literal_characters() const noexcept;

    /// What stands before the first star, and behind the last one.
    [[nodiscard]] std::string_view prefix() const noexcept;
    [[nodiscard]] std::string_view suffix() const noexcept;

private:
    std::string text_;
};

}  // namespace approvekit::policy
