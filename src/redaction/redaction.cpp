#include "approvekit/redaction.hpp"

#include "approvekit/digest.hpp"
#include "approvekit/error.hpp"
#include "redaction/redaction_walk.hpp"
#include "text/blank.hpp"
#include "text/glyph.hpp"
#include "text/utf8.hpp"

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
        const std::string fault = field_fault(field);
        if (!fault.empty()) throw Error(ErrorCode::invalid_option, "redact(): \"" + field + "\" " + fault);
    }
}

/// A word that programs name members by, which need not be data: letters, and _ or - between them.
bool is_plain_word(std::string_view name) {
    while (!name.empty()) {
        const terminal::Glyph glyph = terminal::first_glyph(name);
        const bool joins = glyph.code == U'_' || glyph.code == U'-';
        if (!glyph.valid || (!joins && !is_letter(glyph.code))) return false;
        name.remove_prefix(glyph.bytes);
    }
    return true;
}

/// Whether a plain word is known without the hidden value: from the policy, or as one of the tool's own parameters.
bool is_known(const std::string& word, const FieldNames& fields, const Json& arguments) {
    constexpr std::size_t shortest_telling = 4;
    return count_characters(word) < shortest_telling || fields.mention(word) ||
           (arguments.is_object() && arguments.contains(word));
}

Scrubber scrubber_for(SecretTexts secrets, const FieldNames& fields, const Json& arguments) {
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
    const FieldNames names(fields);
    RedactionWalk walk(names, key);
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
    const FieldNames names(fields);
    const FingerprintKey unused;
    RedactionWalk walk(names, unused, RedactionWalk::Faults::passed_over);
    Json copy = arguments;
    walk.walk(copy);
    return scrubber_for(std::move(walk.secrets), names, arguments);
}

}  // namespace approvekit
