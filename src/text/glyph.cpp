#include "text/glyph.hpp"

#include "text/utf8.hpp"

#include <algorithm>
#include <iterator>

namespace approvekit::terminal {
namespace {

struct Range {
    char32_t first;
    char32_t last;
};

constexpr Range hidden_ranges[] = {
    {0x00, 0x1F},        {0x7F, 0x9F},       {0xAD, 0xAD},       {0x34F, 0x34F},     {0x61C, 0x61C},
    {0x115F, 0x1160},    {0x17B4, 0x17B5},   {0x180B, 0x180F},   {0x200B, 0x200F},   {0x2028, 0x202E},
    {0x2060, 0x206F},    {0x3164, 0x3164},   {0xD800, 0xF8FF},   {0xFDD0, 0xFDEF},   {0xFE00, 0xFE0F},
    {0xFEFF, 0xFEFF},    {0xFFA0, 0xFFA0},   {0xFFF0, 0xFFFB},   {0xFFFE, 0xFFFF},   {0x13430, 0x1345F},
    {0x16FE4, 0x16FE4},  {0x1BCA0, 0x1BCAF}, {0x1D173, 0x1D17A}, {0x1FFFE, 0x1FFFF}, {0x2FFFE, 0x2FFFF},
    {0x3FFFE, 0x10FFFF},
};

// The marks that combine with any letter, and those that fonts let pile up.
constexpr Range mark_ranges[] = {
    {0x300, 0x36F},   {0x483, 0x489},   {0x591, 0x5C7},   {0x610, 0x61A},   {0x64B, 0x65F},
    {0x6D6, 0x6ED},   {0xE31, 0xE31},   {0xE34, 0xE3A},   {0xE47, 0xE4E},   {0xEB1, 0xEB1},
    {0xEB4, 0xEBC},   {0xEC8, 0xECE},   {0xF71, 0xF84},   {0xF8D, 0xFBC},   {0x1AB0, 0x1AFF},
    {0x1DC0, 0x1DFF}, {0x20D0, 0x20FF}, {0x302A, 0x302F}, {0x3099, 0x309A}, {0xFE20, 0xFE2F},
};

// Wider than the letter of the law: whole blocks in which some terminals take two columns.
constexpr Range wide_ranges[] = {
    {0x1100, 0x115F}, {0x2300, 0x23FF}, {0x25FD, 0x25FE}, {0x2600, 0x27BF},    {0x2B00, 0x2BFF},
    {0x2E80, 0xA4CF}, {0xA960, 0xA97F}, {0xAC00, 0xD7FF}, {0xF900, 0xFAFF},    {0xFE10, 0xFE1F},
    {0xFE30, 0xFE6F}, {0xFF00, 0xFF60}, {0xFFE0, 0xFFE6}, {0x10000, 0x10FFFF},
};

template <std::size_t Count>
bool holds(const Range (&ranges)[Count], char32_t code) noexcept {
    const auto* const after = std::upper_bound(std::begin(ranges), std::end(ranges), code,
                                               [](char32_t value, const Range& range) { return value < range.first; });
    return after != std::begin(ranges) && code <= std::prev(after)->last;
}

char32_t decode(std::string_view sequence) noexcept {
    if (sequence.size() == 1) return static_cast<unsigned char>(sequence[0]);
    char32_t code = static_cast<unsigned char>(sequence[0]) & (0x7fu >> sequence.size());
    for (const char byte : sequence.substr(1)) {
        code = (code << 6u) | (static_cast<unsigned char>(byte) & 0x3fu);
    }
    return code;
}

}  // namespace

Glyph first_glyph(std::string_view text) noexcept {
    if (text.empty()) return {};
    const std::size_t length = utf8_sequence_length(text, 0);
    if (length == 0) return {static_cast<unsigned char>(text[0]), 1, false};
    return {decode(text.substr(0, length)), length, true};
}

bool is_hidden(char32_t code) noexcept {
    return holds(hidden_ranges, code);
}

bool is_mark(char32_t code) noexcept {
    return holds(mark_ranges, code);
}

std::size_t columns(char32_t code) noexcept {
    return holds(wide_ranges, code) ? 2 : 1;
}

}  // namespace approvekit::terminal
