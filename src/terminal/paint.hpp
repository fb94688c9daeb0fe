#pragma once

#include <string>
#include <string_view>

namespace approvekit::terminal {

enum class Colour { plain, bold, dim, red, green, yellow, cyan };

/// Colours text where colours are wanted, and leaves it alone elsewhere. A value.
class Paint {
public:
    explicit Paint(bool on) noexcept : on_(on) {}

    [[nodiscard]] std::string operator()(Colour colour, std::string_view text) const;

private:
    bool on_;
};

}  // namespace approvekit::terminal
