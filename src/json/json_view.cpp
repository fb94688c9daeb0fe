#include "json/json_view.hpp"

#include "approvekit/error.hpp"
#include "json/strict_reader.hpp"
#include "text/utf8.hpp"

namespace approvekit::json {
namespace {

constexpr auto replaced = Json::error_handler_t::replace;

}  // namespace

std::string exportable_text(std::string text) {
    if (text::is_utf8(text)) return text;
    std::string clean;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = text::utf8_sequence_length(text, at);
        length == 0 ? clean.append("\xEF\xBF\xBD") : clean.append(text, at, length);
        at += length == 0 ? 1 : length;
    }
    return clean;
}

std::string exportable_json(const Json& value) {
    try {
        return canonical_json(value, any_size);
    } catch (const ArgumentsRefusedError&) {
        const bool is_text = value.is_string();
        const std::string text = is_text ? value.get<std::string>() : value.dump(-1, ' ', false, replaced);
        return canonical_json(exportable_text(text), any_size);
    }
}

}  // namespace approvekit::json
