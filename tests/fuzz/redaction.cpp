#include "parsed.hpp"
#include "property.hpp"

#include "approvekit/json.hpp"
#include "approvekit/redaction.hpp"
#include "text/ascii.hpp"
#include "text/utf8.hpp"

#include <optional>
#include <string>
#include <vector>

namespace approvekit::fuzz {
namespace {

/// A mark, and the number that may follow it in a key, can form such a text, or complete one that was cut.
bool marks_can_spell(std::string_view text) {
    return text.find_first_of("[]") != std::string_view::npos || text.find(" (") != std::string_view::npos ||
           text.find_first_not_of("REDACTED (0123456789)") == std::string_view::npos;
}

/// Whether a text, without the blanks around it, is long enough to be masked everywhere. A shorter one is masked only
/// as a whole word.
bool is_masked_everywhere(std::string_view text) {
    constexpr std::size_t masked_everywhere = 4;
    return text::count_characters(text::trimmed(text)) >= masked_everywhere;
}

/// Whether a key is not a plain word, which may stay readable, and is long enough to be masked everywhere.
bool is_telling_key(std::string_view key) {
    return is_masked_everywhere(key) && !marks_can_spell(key) &&
           key.find_first_of("0123456789") != std::string_view::npos &&
           key.find_first_of(" \t\r\n") == std::string_view::npos;
}

/// Collects every text in `value` that is long enough to be masked everywhere.
void collect_texts(const Json& value, std::vector<std::string>& texts) {
    if (value.is_string()) {
        const auto& text = value.get_ref<const std::string&>();
        const std::string_view word = text::trimmed(text);
        const bool is_literal = word == "true" || word == "false" || word == "null";
        if (is_masked_everywhere(text) && !is_literal && !marks_can_spell(text)) {
            texts.push_back(text);
        }
    }
    if (value.is_object()) {
        for (const auto& [key, part] : value.items()) {
            if (is_telling_key(key)) texts.push_back(key);
        }
    }
    for (const Json& part : value.is_structured() ? value : Json())
        collect_texts(part, texts);
}

void collect_hidden(const Json& value, std::vector<std::string>& texts) {
    if (!value.is_structured()) return;
    for (const auto& [key, part] : value.items()) {
        value.is_object() && key == "secret" ? collect_texts(part, texts) : collect_hidden(part, texts);
    }
}

bool shows(const Json& value, const std::string& text) {
    if (value.is_string()) return value.get_ref<const std::string&>().find(text) != std::string::npos;
    if (!value.is_structured()) return false;
    for (const auto& [key, part] : value.items()) {
        if (shows(part, text) || (value.is_object() && key.find(text) != std::string::npos)) return true;
    }
    return false;
}

std::string hexadecimal(unsigned char byte) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    return {digits[byte >> 4U], digits[byte & 15U]};
}

std::string percent_encoded(const std::string& text) {
    std::string encoded;
    for (const char character : text)
        encoded += "%" + hexadecimal(static_cast<unsigned char>(character));
    return encoded;
}

std::string json_escaped(const std::string& text) {
    std::string escaped;
    for (const char character : text) {
        const auto byte = static_cast<unsigned char>(character);
        escaped += byte < 0x80 ? "\\u00" + hexadecimal(byte) : std::string(1, character);
    }
    return escaped;
}

}  // namespace

void redaction(std::string_view bytes) {
    static const FingerprintKey key;
    const std::optional<Json> arguments = parsed(bytes);
    if (!arguments) return;
    const RedactedView view = redact(*arguments, {"secret", "user.ssn"}, key);
    std::vector<std::string> hidden;
    collect_hidden(*arguments, hidden);
    for (const std::string& text : hidden) {
        require(!shows(view.value, text), "no hidden text is shown");
        for (const std::string& form : {text, percent_encoded(text), json_escaped(text)}) {
            require(view.scrubber.scrub("x " + form + " y").find(form) == std::string::npos, "every form is known");
        }
    }
}

}  // namespace approvekit::fuzz
