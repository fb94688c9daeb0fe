#include "redaction/secret_texts.hpp"

#include "redaction/nested_json.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <utility>

namespace approvekit {
namespace {

class SecretTexts {
public:
    void collect(const Json& value, std::size_t depth);

    std::vector<std::string> texts;

private:
    void collect_string(const std::string& text, std::size_t depth);
};

void SecretTexts::collect(const Json& value, std::size_t depth) {
    if (value.is_string()) {
        collect_string(value.get_ref<const std::string&>(), depth);
    } else if (value.is_number()) {
        std::vector<std::string> forms = number_texts(value);
        std::move(forms.begin(), forms.end(), std::back_inserter(texts));
    } else if (value.is_structured()) {
        for (const Json& child : value) {
            collect(child, depth + 1);
        }
    }
}

void SecretTexts::collect_string(const std::string& text, std::size_t depth) {
    texts.push_back(text);
    if (!looks_like_json(text)) return;
    if (const auto nested = parse_nested_json(text, depth)) collect(*nested, depth);
}

}  // namespace

std::vector<std::string> number_texts(const Json& number) {
    if (!number.is_number_float()) return {number.dump()};
    if (!std::isfinite(number.get<double>())) return {};
    return {number.dump(), canonical_json(number)};
}

std::vector<std::string> secret_texts(const Json& value) {
    SecretTexts secrets;
    secrets.collect(value, 0);
    return std::move(secrets.texts);
}

}  // namespace approvekit
