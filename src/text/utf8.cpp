#include "text/utf8.hpp"

#include <algorithm>

namespace approvekit::text {
namespace {

/// What a lead byte says about its sequence. Only the range of the second byte depends on it; that alone rules out
/// overlong forms, surrogates and code points beyond U+10FFFF.
struct Sequence {
    std::size_t length = 0;
    unsigned char second_lowest = 0x80;
    unsigned char second_highest = 0xbf;
};

Sequence announced_by(unsigned char lead) {
    if (lead < 0x80) return {.length = 1};
    if (lead < 0xc2) return {};
    if (lead < 0xe0) return {.length = 2};
    if (lead == 0xe0) return {.length = 3, .second_lowest = 0xa0};
    if (lead == 0xed) return {.length = 3, .second_highest = 0x9f};
    if (lead < 0xf0) return {.length = 3};
    if (lead == 0xf0) return {.length = 4, .second_lowest = 0x90};
    if (lead < 0xf4) return {.length = 4};
    if (lead == 0xf4) return {.length = 4, .second_highest = 0x8f};
    return {};
}

}  // namespace

std::size_t utf8_sequence_length(std::string_view text, std::size_t offset) noexcept {
    const Sequence sequence = announced_by(static_cast<unsigned char>(text[offset]));
    if (sequence.length <= 1) return sequence.length;
    if (text.size() - offset < sequence.length) return 0;

    const auto second = static_cast<unsigned char>(text[offset + 1]);
    if (second < sequence.second_lowest || second > sequence.second_highest) return 0;
    for (std::size_t at = 2; at < sequence.length; ++at) {
        if (!continues_character(text[offset + at])) return 0;
    }
    return sequence.length;
}

bool is_utf8(std::string_view text) noexcept {
    for (std::size_t offset = 0; offset < text.size();) {
        const std::size_t length = utf8_sequence_length(text, offset);
        if (length == 0) return false;
        offset += length;
    }
    return true;
}

std::size_t count_characters(std::string_view text) noexcept {
    return text.size() - static_cast<std::size_t>(std::count_if(text.begin(), text.end(), continues_character));
}

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
