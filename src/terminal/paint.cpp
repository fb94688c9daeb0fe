#include "terminal/paint.hpp"

namespace approvekit::terminal {
namespace {

std::string_view sequence(Colour colour) noexcept {
    switch (colour) {
        case Colour::bold:
            return "\x1b[1m";
        case Colour::dim:
            return "\x1b[2m";
        case Colour::red:
            return "\x1b[1;31m";
        case Colour::green:
            return "\x1b[32m";
        case Colour::yellow:
            return "\x1b[33m";
        case Colour::cyan:
            return "\x1b[36m";
        case Colour::plain:
            break;
    }
    return {};
}

}  // namespace

std::string Paint::operator()(Colour colour, std::string_view text) const {
    if (!on_ || colour == Colour::plain || text.empty()) return std::string(text);
    return std::string(sequence(colour)).append(text).append("\x1b[0m");
}

}  // namespace approvekit::terminal
