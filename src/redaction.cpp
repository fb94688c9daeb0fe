#include "approvekit/redaction.hpp"

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

}  // namespace approvekit
