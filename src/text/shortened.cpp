#include "text/shortened.hpp"

#include "text/utf8.hpp"

namespace approvekit {

std::string shortened(std::string text, std::size_t most_bytes) {
    if (text.size() <= most_bytes) return text;
    constexpr std::size_t longest_character = 4;
    std::size_t end = most_bytes;
    while (end > 0 && most_bytes - end < longest_character && continues_character(text[end]))
        --end;
    const std::string remark = " " + left_out_text(text.size() - end);
    text.resize(end);
    return text += remark;
}

std::string left_out_text(std::size_t bytes) {
    return "[" + std::to_string(bytes) + " bytes left out]";
}

}  // namespace approvekit
