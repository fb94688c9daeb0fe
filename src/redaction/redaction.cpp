#include "approvekit/redaction.hpp"

#include "approvekit/digest.hpp"
#include "approvekit/error.hpp"
#include "redaction/redaction_walk.hpp"
#include "redaction/secret_matcher.hpp"
#include "redaction/secret_texts.hpp"
#include "text/glyph.hpp"
#include "text/utf8.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace approvekit {

void to_json(Json& json, const Redaction& redaction) {
    json = {
        {"path", redaction.path},
        {"type", redaction.type},
        {"length", redaction.length},
        {"fingerprint", redaction.fingerprint},
    };
}

void from_json(const Json& json, Redaction& redaction) {
    json.at("path").get_to(redaction.path);
    json.at("type").get_to(redaction.type);
    json.at("length").get_to(redaction.length);
    json.at("fingerprint").get_to(redaction.fingerprint);
}

FingerprintKey::FingerprintKey() : key_(std::make_shared<const detail::SecretKey>()) {}

std::string FingerprintKey::fingerprint(std::string_view text) const {
    constexpr std::size_t shown_bytes = 4;
    const Digest code = key_->authenticate({text});
    return to_hex(std::span(code).first<shown_bytes>());
}

namespace {

void check_fields(const std::vector<std::string>& fields) {
    for (const std::string& field : fields) {
        const std::string fault = redaction::field_fault(field);
        if (!fault.empty()) throw Error(ErrorCode::invalid_option, "redact(): \"" + field + "\" " + fault);
    }
}

/// Whether the name is an ordinary word, as programs use for members, and so need not be data: it consists of letters,
/// _ and -.
bool is_plain_word(std::string_view name) {
    while (!name.empty()) {
        const text::Glyph glyph = text::first_glyph(name);
        const bool joins = glyph.code == U'_' || glyph.code == U'-';
        if (!glyph.valid || (!joins && !text::is_letter(glyph.code))) return false;
        name.remove_prefix(glyph.bytes);
    }
    return true;
}

/// Whether a plain word is known without the hidden value: it is in the policy, or one of the tool's own parameters. A
/// very short word counts as known.
bool is_known(const std::string& word, const redaction::FieldNames& fields, const Json& arguments) {
    constexpr std::size_t shortest_telling = 4;
    return text::count_characters(word) < shortest_telling || fields.mention(word) ||
           (arguments.is_object() && arguments.contains(word));
}

Scrubber scrubber_for(redaction::SecretTexts secrets, const redaction::FieldNames& fields, const Json& arguments) {
    std::vector<std::string> words;
    for (std::string& name : secrets.names) {
        if (!is_plain_word(name)) {
            secrets.values.push_back(std::move(name));
        } else if (!is_known(name, fields, arguments)) {
            words.push_back(std::move(name));
        }
    }
    return Scrubber(secrets.values, words);
}

}  // namespace

RedactedView redact(const Json& arguments, const std::vector<std::string>& fields, const FingerprintKey& key) {
    check_fields(fields);
    RedactedView view{.value = arguments, .redactions = {}, .scrubber = {}};
    const redaction::FieldNames names(fields);
    redaction::RedactionWalk walk(names, key);
    walk.walk(view.value);

    view.scrubber = scrubber_for(std::move(walk.secrets), names, arguments);
    view.scrubber.scrub(view.value);
    view.redactions = std::move(walk.redactions);
    for (Redaction& redaction : view.redactions) {
        redaction.path = view.scrubber.scrub(redaction.path);
    }
    return view;
}

Scrubber scrubber_of(const Json& arguments, const std::vector<std::string>& fields) {
    if (fields.empty()) return Scrubber();
    const redaction::FieldNames names(fields);
    const FingerprintKey unused;
    redaction::RedactionWalk walk(names, unused, redaction::RedactionWalk::Faults::passed_over);
    Json copy = arguments;
    walk.walk(copy);
    return scrubber_for(std::move(walk.secrets), names, arguments);
}

namespace {

/// How many layers of encoding are removed in search of secrets.
constexpr int layers_of_encoding = 3;

/// A number is hidden if this many characters of it belong to a secret.
constexpr std::size_t telling_digits = 4;

void merge(std::vector<redaction::TextRange>& ranges) {
    std::sort(ranges.begin(), ranges.end(),
              [](redaction::TextRange a, redaction::TextRange b) { return a.begin < b.begin; });
    std::size_t merged = 0;
    for (const redaction::TextRange range : ranges) {
        if (merged > 0 && range.begin <= ranges[merged - 1].end) {
            ranges[merged - 1].end = std::max(ranges[merged - 1].end, range.end);
        } else {
            ranges[merged++] = range;
        }
    }
    ranges.resize(merged);
}

/// Returns the parts of `text` that show a secret, unencoded or under up to `layers` layers of encoding.
std::vector<redaction::TextRange> secret_parts(const redaction::SecretMatcher& matcher, std::string_view text,
                                               int layers) {
    std::vector<redaction::TextRange> parts = matcher.find(text);
    if (layers == 0) return parts;
    using redaction::Encoding;
    for (const Encoding encoding : {Encoding::percent, Encoding::escapes, Encoding::lines}) {
        if (const auto decoded = redaction::DecodedText::decode(text, encoding)) {
            for (const redaction::TextRange part : secret_parts(matcher, decoded->text(), layers - 1)) {
                parts.push_back(decoded->in_source(part));
            }
        }
    }
    merge(parts);
    return parts;
}

std::string without(std::string_view text, const std::vector<redaction::TextRange>& parts) {
    std::string result;
    result.reserve(text.size());
    std::size_t done = 0;
    for (const redaction::TextRange part : parts) {
        result += text.substr(done, part.begin - done);
        result += redacted_text;
        done = part.end;
    }
    return result += text.substr(done);
}

void scrub_string(const redaction::SecretMatcher& matcher, Json& value) {
    auto& text = value.get_ref<std::string&>();
    const auto parts = secret_parts(matcher, text, layers_of_encoding);
    if (!parts.empty()) text = without(text, parts);
}

bool shows_secret(const redaction::SecretMatcher& matcher, std::string_view number) {
    const auto parts = matcher.find(number);
    return std::any_of(parts.begin(), parts.end(), [&](redaction::TextRange part) {
        const std::size_t length = part.end - part.begin;
        return length >= telling_digits || length == number.size();
    });
}

void scrub_number(const redaction::SecretMatcher& matcher, Json& value) {
    const std::vector<std::string> texts = redaction::number_texts(value);
    const bool shows =
        std::any_of(texts.begin(), texts.end(), [&](const std::string& text) { return shows_secret(matcher, text); });
    if (shows) value = redacted_text;
}

/// Finds keys that an object does not have yet. For a text that was asked before, it goes on counting from the last
/// number.
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
    std::unordered_map<std::string, std::size_t> used_;  // the last number used for each text
};

void scrub_keys(const redaction::SecretMatcher& matcher, Json::object_t& object) {
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
    const std::vector<redaction::SecretPattern> patterns = redaction::patterns_of(secrets, words);
    if (!patterns.empty()) matcher_ = std::make_shared<const redaction::SecretMatcher>(patterns);
}

std::string Scrubber::scrub(std::string_view text) const {
    if (empty()) return std::string(text);
    return without(text, secret_parts(*matcher_, text, layers_of_encoding));
}

void Scrubber::scrub(Json& value) const {
    if (empty()) return;
    std::vector<Json*> pending{&value};  // no recursion, since the depth of an outcome has no limit
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
