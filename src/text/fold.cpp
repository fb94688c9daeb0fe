#include "text/fold.hpp"

#include "text/ascii.hpp"
#include "text/utf8.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <new>
#include <optional>

namespace approvekit::text {
namespace {

struct Free {
    void operator()(utf8proc_uint8_t* bytes) const noexcept { std::free(bytes); }  // NOLINT: as utf8proc asks
};

/// Whether `text` has more marks in a row than any script uses (Unicode's Stream-Safe Text Format allows 30). Sorting
/// them takes time proportional to the square of their number.
bool has_too_many_marks(std::string_view text) noexcept {
    constexpr int most_in_a_row = 30;
    int marks = 0;
    const auto* at = reinterpret_cast<const utf8proc_uint8_t*>(text.data());  // NOLINT: its unit of UTF-8
    auto left = static_cast<utf8proc_ssize_t>(text.size());
    while (left > 0) {
        utf8proc_int32_t character = -1;
        const utf8proc_ssize_t size = utf8proc_iterate(at, left, &character);
        if (size <= 0) return false;  // not UTF-8: mapped() refuses it anyway
        marks = utf8proc_get_property(character)->combining_class == 0 ? 0 : marks + 1;
        if (marks > most_in_a_row) return true;
        at += size;
        left -= size;
    }
    return false;
}

/// Returns nothing for a text that is not UTF-8 or has too many marks in a row.
std::optional<std::string> mapped(std::string_view text, int options) {
    if (has_too_many_marks(text)) return std::nullopt;
    utf8proc_uint8_t* bytes = nullptr;
    const utf8proc_ssize_t size =
        utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),  // NOLINT: its unit of UTF-8
                     static_cast<utf8proc_ssize_t>(text.size()), &bytes, static_cast<utf8proc_option_t>(options));
    const std::unique_ptr<utf8proc_uint8_t, Free> owner(bytes);
    if (size == UTF8PROC_ERROR_NOMEM) throw std::bad_alloc();
    if (size < 0) return std::nullopt;
    return std::string(bytes, bytes + size);
}

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

}  // namespace

bool has_normal_form(std::string_view text) noexcept {
    return is_ascii(text) || (is_utf8(text) && !has_too_many_marks(text));
}

std::string folded(std::string_view text) {
    constexpr int nfkc_casefold =
        UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE;
    if (is_ascii(text)) return lower_case(text);
    return mapped(text, nfkc_casefold).value_or(lower_case(text));
}

std::string composed(std::string_view text) {
    if (is_ascii(text)) return std::string(text);
    return mapped(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE).value_or(std::string(text));
}

}  // namespace approvekit::text
