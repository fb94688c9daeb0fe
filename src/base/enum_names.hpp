#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace approvekit::base {

/// Maps the values of an enumeration to their stable texts, and back.
template <typename Enum, std::size_t Count>
class EnumNames {
public:
    struct Name {
        Enum value;
        std::string_view text;
    };

    // NOLINTNEXTLINE(modernize-avoid-c-arrays): a braced list deduces Count
    constexpr explicit EnumNames(const Name (&names)[Count]) : names_(std::to_array(names)) {}

    [[nodiscard]] constexpr std::string_view text(Enum value) const noexcept {
        const auto found =
            std::find_if(names_.begin(), names_.end(), [=](const Name& name) { return name.value == value; });
        return found == names_.end() ? "invalid" : found->text;
    }

    [[nodiscard]] constexpr std::optional<Enum> value(std::string_view text) const noexcept {
        const auto found =
            std::find_if(names_.begin(), names_.end(), [=](const Name& name) { return name.text == text; });
        return found == names_.end() ? std::nullopt : std::optional(found->value);
    }

private:
    std::array<Name, Count> names_;
};

}  // namespace approvekit::base
