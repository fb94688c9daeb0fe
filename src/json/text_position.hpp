#pragma once

#include <cstddef>
#include <string_view>

namespace approvekit::json {

/// A place in a text as editors count it, both from 1. Columns are characters, not bytes.
struct TextPosition {
    int line = 1;
    int column = 1;

    friend bool operator==(const TextPosition&, const TextPosition&) = default;
};

/// Turns growing byte offsets into positions, in one pass over the text for all of them.
///
/// Borrows the text.
class TextCursor {
public:
    explicit TextCursor(std::string_view text) : text_(text) {}

    /// `offset` must not be smaller than in the call before; one beyond the text means its end.
    [[nodiscard]] TextPosition at(std::size_t offset);

private:
    std::string_view text_;
    std::size_t offset_ = 0;
    TextPosition position_;
};

}  // namespace approvekit::json
