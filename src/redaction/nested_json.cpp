#include "redaction/nested_json.hpp"

#include "json/deepest.hpp"
#include "json/value_builder.hpp"
#include "text/blank.hpp"
#include "text/glyph.hpp"

#include <algorithm>

namespace approvekit {
namespace {

bool starts_json(char32_t code) noexcept {
    return code == U'{' || code == U'[' || code == U'"';
}

/// The length of the comment that `text` starts with, its line end or all of `text` included; 0 when it starts with none.
std::size_t comment_length(std::string_view text) noexcept {
    const auto up_to = [&](std::size_t end, std::size_t more) {
        return end == std::string_view::npos ? text.size() : end + more;
    };
    if (text.starts_with("/*")) return up_to(text.find("*/", 2), 2);
    if (!text.starts_with("//") && !text.starts_with('#')) return 0;
    const std::size_t line_end = text.find_first_of("\r\n");
    const std::string_view line = text.substr(0, line_end);
    return up_to(std::min({line_end, line.find("\u2028"), line.find("\u2029")}), 0);
}

bool starts_json_behind(std::string_view text, bool comments_count) noexcept {
    while (!text.empty()) {
        const std::size_t comment = comments_count ? 0 : comment_length(text);
        const terminal::Glyph glyph = terminal::first_glyph(text);
        if (comment == 0 && starts_json(glyph.code)) return true;
        if (comment == 0 && glyph.valid && is_alphanumeric(glyph.code)) return false;
        text.remove_prefix(std::max(comment, glyph.bytes));
    }
    return false;
}

}  // namespace

bool looks_like_json(std::string_view text) noexcept {
    return starts_json_behind(text, true) || starts_json_behind(text, false);
}

std::optional<Json> parse_nested_json(std::string_view text, std::size_t depth) {
    JsonValueBuilder builder;
    const JsonLimits limits{.bytes = text.size(), .depth = deepest_json - depth};
    if (read_json(without_blanks_around(text), limits, builder)) return std::nullopt;
    return std::make_optional<Json>(builder.take());
}

}  // namespace approvekit
