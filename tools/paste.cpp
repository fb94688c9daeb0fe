#include "paste.hpp"

#include <string_view>

namespace approvekit::tools {
namespace {

constexpr std::wstring_view start_mark = L"\x1b[200~";
constexpr std::wstring_view end_mark = L"\x1b[201~";

bool is_control(wchar_t character) noexcept {
    return character < 0x20 || (character >= 0x7f && character < 0xa0);
}

}  // namespace

std::optional<wchar_t> PasteFilter::pass(wchar_t character) noexcept {
    const std::wstring_view mark = is_pasting_ ? end_mark : start_mark;
    const bool was_pasting = is_pasting_;
    if (character != mark[matched_]) matched_ = 0;
    const bool is_of_mark = character == mark[matched_];
    if (is_of_mark && ++matched_ == mark.size()) {
        is_pasting_ = !is_pasting_;
        matched_ = 0;
    }
    if (!was_pasting) return character;
    if (is_of_mark) return std::nullopt;
    if (character == L'\r' || character == L'\n' || character == L'\t') return L' ';
    return is_control(character) ? std::nullopt : std::optional(character);
}

}  // namespace approvekit::tools
