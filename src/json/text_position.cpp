#include "json/text_position.hpp"

#include <algorithm>

namespace approvekit {

TextPosition TextCursor::at(std::size_t offset) {
    const std::size_t end = std::min(offset, text_.size());
    for (; offset_ < end; ++offset_) {
        const auto byte = static_cast<unsigned char>(text_[offset_]);
        const bool continues_a_character = (byte & 0xc0) == 0x80;
        if (byte == '\n') {
            position_ = {.line = position_.line + 1, .column = 1};
        } else if (!continues_a_character) {
            ++position_.column;
        }
    }
    return position_;
}

}  // namespace approvekit
