#include "approvekit/redaction.hpp"

#include "approvekit/digest.hpp"
#include "redaction/redaction_walk.hpp"

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

RedactedView redact(const Json& arguments, const std::vector<std::string>& fields, const FingerprintKey& key) {
    RedactedView view{.value = arguments, .redactions = {}, .scrubber = {}};
    const FieldNames names(fields);
    RedactionWalk walk(names, key);
    walk.walk(view.value);

    view.scrubber = Scrubber(walk.secrets);
    view.scrubber.scrub(view.value);
    view.redactions = std::move(walk.redactions);
    for (Redaction& redaction : view.redactions) {
        redaction.path = view.scrubber.scrub(redaction.path);
    }
    return view;
}

}  // namespace approvekit
