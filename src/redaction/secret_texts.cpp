#include "redaction/secret_texts.hpp"

#include "json/deepest.hpp"
#include "redaction/decoded_text.hpp"
#include "redaction/nested_json.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <string_view>
#include <utility>

namespace approvekit {
namespace {

/// Shorter ones are rather signs between two strings.
constexpr std::size_t shortest_quoted = 4;

class Collector {
public:
    explicit Collector(SecretTexts& texts) : texts_(texts) {}

    void collect(const Json& value, std::size_t depth);

private:
    void collect_string(const std::string& text, std::size_t depth);
    void collect_quoted(std::string_view text, char quote);

    SecretTexts& texts_;
};

void Collector::collect(const Json& value, std::size_t depth) {
    if (value.is_string()) {
        collect_string(value.get_ref<const std::string&>(), depth);
    } else if (value.is_number()) {
        std::vector<std::string> forms = number_texts(value);
        std::move(forms.begin(), forms.end(), std::back_inserter(texts_.values));
    } else if (value.is_structured() && depth < deepest_json) {
        for (const auto& [key, child] : value.items()) {
            if (value.is_object()) texts_.names.push_back(key);
            collect(child, depth + 1);
        }
    }
}

void Collector::collect_string(const std::string& text, std::size_t depth) {
    texts_.values.push_back(text);
    if (!looks_like_json(text)) return;
    if (const auto nested = parse_nested_json(text, depth)) {
        collect(*nested, depth);
    } else {
        collect_quoted(text, '"');
        collect_quoted(text, '\'');
    }
}

void Collector::collect_quoted(std::string_view text, char quote) {
    while (text.find(quote) != std::string_view::npos) {
        text.remove_prefix(text.find(quote) + 1);
        const std::string_view inside = text.substr(0, text.find(quote));
        text.remove_prefix(inside.size());
        text.remove_prefix(std::min<std::size_t>(text.size(), 1));
        if (inside.size() < shortest_quoted || inside.find_first_not_of(" :,{}[]\t\r\n") == std::string_view::npos)
            continue;
        texts_.names.emplace_back(inside);
        if (auto decoded = DecodedText::decode(inside, Encoding::escapes)) texts_.names.push_back(decoded->text());
    }
}

}  // namespace

std::vector<std::string> number_texts(const Json& number) {
    if (!number.is_number_float()) return {number.dump()};
    if (!std::isfinite(number.get<double>())) return {};
    return {number.dump(), canonical_json(number)};
}

void collect_secret_texts(const Json& value, SecretTexts& texts) {
    Collector(texts).collect(value, 0);
}

}  // namespace approvekit
