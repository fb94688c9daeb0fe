#include "text/shortened.hpp"

#include "text/utf8.hpp"

namespace approvekit::text {

std::string shortened(std::string text, std::size_t most_bytes) {
    if (text.size() <= most_bytes) return text;
    constexpr std::size_t longest_character = 4;
    const std::size_t remark = 1 + left_out_text(text.size()).size();
    const std::size_t room = most_bytes > remark ? most_bytes - remark : 0;
    std::size_t end = room;
    while (end > 0 && room - end < longest_character && continues_character(text[end]))
        --end;
    const std::size_t left_out = text.size() - end;
    text.resize(end);
    return text.append(" ").append(left_out_text(left_out));
}

std::string left_out_text(std::size_t bytes) {
    return "[" + std::to_string(bytes) + " bytes left out]";
}

}  // namespace approvekit::text
