#include "approvekit/redaction.hpp"
#include "redaction/secret_matcher.hpp"
#include "redaction/secret_patterns.hpp"
#include "redaction/secret_texts.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace approvekit {
namespace {

/// How often an encoded text may be encoded again and still give its secret away.
constexpr int layers_of_encoding = 3;

/// A number that holds so much of a secret is hidden.
constexpr std::size_t telling_digits = 4;

void merge(std::vector<TextRange>& ranges) {
    std::sort(ranges.begin(), ranges.end(), [](TextRange a, TextRange b) { return a.begin < b.begin; });
    std::size_t merged = 0;
    for (const TextRange range : ranges) {
        if (merged > 0 && range.begin <= ranges[merged - 1].end) {
            ranges[merged - 1].end = std::max(ranges[merged - 1].end, range.end);
        } else {
            ranges[merged++] = range;
        }
    }
    ranges.resize(merged);
}

/// The parts of `text` that show a secret, as it is or under `layers` of encoding.
std::vector<TextRange> secret_parts(const SecretMatcher& matcher, std::string_view text, int layers) {
    std::vector<TextRange> parts = matcher.find(text);
    if (layers == 0) return parts;
    for (const Encoding encoding : {Encoding::percent, Encoding::escapes}) {
        if (const auto decoded = DecodedText::decode(text, encoding)) {
            for (const TextRange part : secret_parts(matcher, decoded->text(), layers - 1)) {
                parts.push_back(decoded->in_source(part));
            }
        }
    }
    merge(parts);
    return parts;
}

std::string without(std::string_view text, const std::vector<TextRange>& parts) {
    std::string result;
    result.reserve(text.size());
    std::size_t done = 0;
    for (const TextRange part : parts) {
        result += text.substr(done, part.begin - done);
        result += redacted_text;
        done = part.end;
    }
    return result += text.substr(done);
}

void scrub_string(const SecretMatcher& matcher, Json& value) {
    auto& text = value.get_ref<std::string&>();
    const auto parts = secret_parts(matcher, text, layers_of_encoding);
    if (!parts.empty()) text = without(text, parts);
}

bool shows_secret(const SecretMatcher& matcher, std::string_view number) {
    const auto parts = matcher.find(number);
    return std::any_of(parts.begin(), parts.end(), [&](TextRange part) {
        const std::size_t length = part.end - part.begin;
        return length >= telling_digits || length == number.size();
    });
}

void scrub_number(const SecretMatcher& matcher, Json& value) {
    const std::vector<std::string> texts = number_texts(value);
    const bool shows =
        std::any_of(texts.begin(), texts.end(), [&](const std::string& text) { return shows_secret(matcher, text); });
    if (shows) value = redacted_text;
}

/// Finds keys that an object does not have yet. Goes on counting where it stopped for the same text before.
class UnusedKeys {
public:
    explicit UnusedKeys(const Json::object_t& object) : object_(object) {}

    std::string like(const std::string& wanted) {
        std::string key = wanted;
        for (std::size_t& number = used_[wanted]; number > 0 || object_.contains(key);) {
            number = std::max<std::size_t>(number, 1) + 1;
            key = wanted + " (" + std::to_string(number) + ")";
            if (!object_.contains(key)) break;
        }
        return key;
    }

private:
    const Json::object_t& object_;
    std::unordered_map<std::string, std::size_t> used_;  // the last number of each text
};

void scrub_keys(const SecretMatcher& matcher, Json::object_t& object) {
    std::vector<std::pair<std::string, std::string>> renamed;
    for (const auto& [key, value] : object) {
        const auto parts = secret_parts(matcher, key, layers_of_encoding);
        if (!parts.empty()) renamed.emplace_back(key, without(key, parts));
    }
    UnusedKeys unused(object);
    for (const auto& [key, scrubbed] : renamed) {
        auto member = object.extract(key);
        member.key() = unused.like(scrubbed);
        object.insert(std::move(member));
    }
}

}  // namespace

Scrubber::Scrubber(const std::vector<std::string>& secrets, const std::vector<std::string>& words) {
    const std::vector<SecretPattern> patterns = patterns_of(secrets, words);
    if (!patterns.empty()) matcher_ = std::make_shared<const SecretMatcher>(patterns);
}

std::string Scrubber::scrub(std::string_view text) const {
    if (empty()) return std::string(text);
    return without(text, secret_parts(*matcher_, text, layers_of_encoding));
}

void Scrubber::scrub(Json& value) const {
    if (empty()) return;
    std::vector<Json*> pending{&value};  // not the stack: nobody has limited the depth of an outcome
    while (!pending.empty()) {
        Json& next = *pending.back();
        pending.pop_back();
        if (next.is_string()) scrub_string(*matcher_, next);
        if (next.is_number()) scrub_number(*matcher_, next);
        if (next.is_object()) scrub_keys(*matcher_, next.get_ref<Json::object_t&>());
        if (next.is_structured()) {
            for (Json& child : next) {
                pending.push_back(&child);
            }
        }
    }
}

}  // namespace approvekit
