#include "web/input.hpp"

#include "approvekit/error.hpp"
#include "approvekit/json.hpp"
#include "text/utf8.hpp"
#include "web/route.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <initializer_list>
#include <system_error>
#include <utility>

namespace approvekit::web {

void refuse_input(const std::string& message) {
    throw Error(ErrorCode::invalid_option, message);
}

std::string listed(std::initializer_list<std::string_view> names) {
    std::string text;
    for (const std::string_view name : names)
        text.append(text.empty() ? "" : ", ").append(name);
    return text;
}

Parameters::Parameters(std::string_view query, std::initializer_list<std::string_view> known) : known_(listed(known)) {
    for (const std::string_view name : known)
        values_.emplace(name, "");
    while (!query.empty()) {
        const auto end = query.find('&');
        add(query.substr(0, end));
        query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
    }
}

std::size_t Parameters::limit(std::size_t otherwise) const {
    const std::string& text = (*this)["limit"];
    if (text.empty()) return otherwise;
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < 1 || value > maximum_page) {
        refuse_input("limit takes a whole number from 1 to " + std::to_string(maximum_page));
    }
    return value;
}

void Parameters::add(std::string_view pair) {
    const auto equals = pair.find('=');
    const auto name = percent_decode(pair.substr(0, equals), true);
    const auto found = name ? values_.find(*name) : values_.end();
    if (found == values_.end()) refuse_input("an unknown parameter was given; known here: " + known_);
    if (equals == std::string_view::npos || !found->second.empty()) refuse_input(*name + " takes one value");
    auto value = percent_decode(pair.substr(equals + 1), true);
    if (!value || !text::is_utf8(*value)) refuse_input(*name + " is not percent-encoded UTF-8");
    found->second = *std::move(value);
}

namespace {

std::optional<ApprovalStatus> parse_status(std::string_view text) {
    if (text.empty()) return ApprovalStatus::pending;
    if (text == "all") return std::nullopt;
    if (const auto status = parse_approval_status(text)) return status;
    refuse_input("status takes pending, approved, rejected, timeout, cancelled, answered or all");
}

constexpr std::size_t secret_digits = 64;
constexpr std::string_view hexadecimal = "0123456789abcdef";

Json parse_body(std::string_view text) {
    return parse_json(text, {.bytes = text.size(), .depth = JsonLimits{}.depth});
}

/// Checks that `object`, which is called `what` to its sender, is an object whose members are strings and among
/// `known`.
void check_members(const Json& object, const std::string& what, std::initializer_list<std::string_view> known) {
    if (!object.is_object()) refuse_input(what + " is not a JSON object");
    for (const auto& [name, value] : object.items()) {
        if (std::find(known.begin(), known.end(), name) == known.end()) {
            refuse_input(what + " has an unknown member; known here: " + listed(known));
        }
        if (!value.is_string()) refuse_input(name + " is not a string");
    }
}

/// Reads `text` as an object whose members are strings and among `known`.
Json parse_members(std::string_view text, std::initializer_list<std::string_view> known) {
    Json body = parse_body(text);
    check_members(body, "the body", known);
    return body;
}

Shown shown_of(const Json& body) {
    const auto shown = parse_shown(body.value("shown", std::string(to_string(Shown::not_recorded))));
    if (!shown) refuse_input("shown is not one of whole, in part, by id, not recorded");
    return *shown;
}

SeenRequest parse_seen_request(const Json& json) {
    check_members(json, "one of the requests", {"id", "shown", "view"});
    SeenRequest request{json.value("id", ""), json.value("view", ""), shown_of(json)};
    if (request.id.empty()) refuse_input("one of the requests has no id");
    return request;
}

/// Takes the edits out of the body, so that only texts are left there. Returns null if there are none.
Json take_edits(Json& body) {
    if (!body.is_object() || !body.contains("edits")) return nullptr;
    Json edits = std::move(body["edits"]);
    body.erase("edits");
    if (!edits.is_object()) refuse_input("edits takes an object that has new values by their paths");
    return edits;
}

std::vector<std::string> free_paths(const Json& grant) {
    std::vector<std::string> paths;
    const Json list = grant.value("free", Json::array());
    if (!list.is_array()) refuse_input("the grant's free takes a list of paths");
    for (const Json& path : list) {
        if (!path.is_string()) refuse_input("the grant's free takes a list of paths");
        paths.push_back(path.get<std::string>());
    }
    return paths;
}

/// Takes the grant out of the body, so that only texts are left there. Returns nothing if there is none.
std::optional<GrantTerms> take_grant(Json& body) {
    if (!body.is_object() || !body.contains("grant")) return std::nullopt;
    const Json grant = std::move(body["grant"]);
    body.erase("grant");
    if (!grant.is_object()) refuse_input("grant takes an object");
    for (const auto& [name, value] : grant.items()) {
        const std::string known = "bounds, for, free, uses";
        if (name != "bounds" && name != "for" && name != "free" && name != "uses")
            refuse_input("the grant has an unknown member; known here: " + known);
    }
    GrantTerms terms;
    const Json uses = grant.value("uses", Json());
    if (!uses.is_number_integer() || uses < 1 || uses > INT32_MAX)
        refuse_input("the grant's uses takes a whole number");
    terms.uses = uses.get<std::int64_t>();
    const auto lasts = grant_duration(grant.value("for", Json()));
    if (!lasts) refuse_input("the grant's for takes whole seconds from 1 to 604800, or such as 90s, 5m, 8h, 7d");
    terms.lasts = *lasts;
    terms.free = free_paths(grant);
    terms.bounds = grant.value("bounds", Json::object());
    if (!terms.bounds.is_object()) refuse_input("the grant's bounds takes an object that has tests by paths");
    return terms;
}

/// Takes the answer out of the body, so that only texts are left there. Returns null if there is none.
Json take_answer(Json& body) {
    if (!body.is_object() || !body.contains("answer")) return nullptr;
    Json answer = std::move(body["answer"]);
    body.erase("answer");
    return answer;
}

/// Takes the requests out of the body, so that only texts are left there.
std::vector<SeenRequest> take_requests(Json& body) {
    if (!body.is_object() || !body.contains("requests")) refuse_input("the body needs the member requests");
    const Json list = std::move(body["requests"]);
    body.erase("requests");
    if (!list.is_array() || list.empty() || list.size() > maximum_page)
        refuse_input("requests takes a list of 1 to " + std::to_string(maximum_page) + " requests");
    std::vector<SeenRequest> requests;
    for (const Json& one : list)
        requests.push_back(parse_seen_request(one));
    return requests;
}

}  // namespace

RequestQuery parse_request_query(std::string_view query) {
    const Parameters parameters(query, {"status", "limit", "cursor"});
    RequestQuery result;
    result.status = parse_status(parameters["status"]);
    result.limit = parameters.limit(result.limit);
    result.cursor = parameters["cursor"];
    return result;
}

AuditQuery parse_audit_query(std::string_view query) {
    const Parameters parameters(query, {"limit", "cursor", "request_id"});
    AuditQuery result;
    result.limit = parameters.limit(result.limit);
    result.cursor = parameters["cursor"];
    result.request_id = parameters["request_id"];
    return result;
}

void require_no_query(std::string_view query) {
    if (!query.empty()) refuse_input("this address takes no parameters");
}

DecisionBody parse_decision_body(std::string_view text) {
    if (text.empty()) return {};
    Json body = parse_body(text);
    Json edits = take_edits(body);
    std::optional<GrantTerms> grant = take_grant(body);
    Json answer = take_answer(body);
    check_members(body, "the body", {"answer", "edits", "grant", "notes", "shown", "view"});
    return {body.value("notes", ""), body.value("view", ""), shown_of(body),
            std::move(edits),        std::move(grant),       std::move(answer)};
}

void require_answer_of(Verdict verdict, const Json& answer) {
    if (verdict != Verdict::answer && !answer.is_null())
        refuse_input("the member answer goes to the address that ends in /answer");
}

DecisionsBody parse_decisions_body(std::string_view text) {
    Json body = parse_body(text);
    DecisionsBody result;
    result.requests = take_requests(body);
    check_members(body, "the body", {"notes", "requests", "verdict"});
    const auto verdict = parse_verdict(body.value("verdict", ""));
    if (!verdict || *verdict == Verdict::answer) refuse_input("verdict takes approve or reject");
    result.verdict = *verdict;
    result.notes = body.value("notes", "");
    return result;
}

StopOrder parse_stop_body(std::string_view text) {
    const Json body = parse_members(text, {"agent", "reason", "tool"});
    StopOrder order;
    order.reason = body.value("reason", "");
    order.tool = body.value("tool", order.tool);
    order.agent = body.value("agent", order.agent);
    return order;
}

SignInBody parse_sign_in_body(std::string_view text) {
    const Json body = parse_members(text, {"link", "secret"});
    SignInBody result{body.value("link", ""), body.value("secret", "")};
    if (result.link.empty()) refuse_input("the body needs the member link: what follows #sign-in= in the link");
    if (result.secret.size() != secret_digits || result.secret.find_first_not_of(hexadecimal) != std::string::npos) {
        refuse_input("the body needs the member secret: 64 random hexadecimal digits, in lower case");
    }
    return result;
}

void parse_empty_body(std::string_view text) {
    if (!text.empty() && !parse_members(text, {}).empty()) refuse_input("the body has to be empty, or {}");
}

}  // namespace approvekit::web
