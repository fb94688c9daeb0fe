#include "web/bodies.hpp"

#include "approvekit/error.hpp"
#include "approvekit/json.hpp"

#include <algorithm>
#include <initializer_list>

namespace approvekit::web {
namespace {

constexpr std::size_t secret_digits = 64;
constexpr std::string_view hexadecimal = "0123456789abcdef";

[[noreturn]] void refuse_body(const std::string& message) {
    throw Error(ErrorCode::invalid_option, message);
}

/// `text` as an object whose members are strings and among `known`.
Json parse_members(std::string_view text, std::initializer_list<std::string_view> known) {
    constexpr std::size_t depth = 8;
    Json body = parse_json(text, {.bytes = text.size(), .depth = depth});
    if (!body.is_object()) refuse_body("the body is not a JSON object");
    for (const auto& [name, value] : body.items()) {
        if (std::find(known.begin(), known.end(), name) == known.end()) {
            std::string names;
            for (const std::string_view one : known)
                names.append(names.empty() ? "" : ", ").append(one);
            refuse_body("the body has an unknown member; known here: " + names);
        }
        if (!value.is_string()) refuse_body(name + " is not a string");
    }
    return body;
}

}  // namespace

DecisionBody parse_decision_body(std::string_view text) {
    if (text.empty()) return {};
    const Json body = parse_members(text, {"notes", "shown", "view"});
    const auto shown = parse_shown(body.value("shown", std::string(to_string(Shown::not_recorded))));
    if (!shown) refuse_body("shown is not one of whole, in part, by id, not recorded");
    return {body.value("notes", ""), body.value("view", ""), *shown};
}

SignInBody parse_sign_in_body(std::string_view text) {
    const Json body = parse_members(text, {"link", "secret"});
    SignInBody result{body.value("link", ""), body.value("secret", "")};
    if (result.link.empty()) refuse_body("the body needs the member link: what follows #sign-in= in the link");
    if (result.secret.size() != secret_digits || result.secret.find_first_not_of(hexadecimal) != std::string::npos) {
        refuse_body("the body needs the member secret: 64 random hexadecimal digits, in lower case");
    }
    return result;
}

void parse_empty_body(std::string_view text) {
    if (!text.empty() && !parse_members(text, {}).empty()) refuse_body("the body has to be empty, or {}");
}

}  // namespace approvekit::web
