#include "json/text_position.hpp"

#include "text/utf8.hpp"

#include <algorithm>

namespace approvekit::json {

TextPosition TextCursor::at(std::size_t offset) {
    const std::size_t end = std::min(offset, text_.size());
    for (; offset_ < end; ++offset_) {
        if (text_[offset_] == '\n') {
            position_ = {.line = position_.line + 1, .column = 1};
        } else if (!text::continues_character(text_[offset_])) {
            ++position_.column;
        }
    }
    return position_;
}

}  // namespace approvekit::json
