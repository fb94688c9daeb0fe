#include "web/authorization.hpp"

#include "web/public_address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <utility>

namespace approvekit::web {
namespace {

bool has_port(std::string_view host) {
    const auto colon = host.rfind(':');
    return colon != std::string_view::npos && host.find(']', colon) == std::string_view::npos;
}

bool is_wildcard(std::string_view host) {
    return host == "0.0.0.0" || host == "::";
}

std::string with_brackets(std::string_view host) {
    return host.find(':') == std::string_view::npos ? std::string(host) : "[" + std::string(host) + "]";
}

bool changes_something(const RequestHead& head) {
    return head.method != "GET";
}

/// With or without parameters: what matters is that no other site can send this type without asking first.
bool is_json(std::string_view content_type) {
    std::string_view type = content_type.substr(0, content_type.find(';'));
    while (type.ends_with(' '))
        type.remove_suffix(1);
    return type == "application/json";
}

/// Whether a person follows a link to the page, wherever the link is. The page itself tells nothing. Opened like this,
/// it can be neither framed nor reached by the window that opened it.
bool opens_the_page(const RequestHead& head, const Route& route) {
    return head.method == "GET" && route.opens_page && head.header("sec-fetch-mode") == "navigate" &&
           head.header("sec-fetch-dest") == "document";
}

}  // namespace

bool is_loopback(std::string_view host) {
    const std::string text(host);
    if (text == "localhost") return true;
    in_addr four{};
    if (::inet_pton(AF_INET, text.c_str(), &four) == 1) return (ntohl(four.s_addr) >> 24) == 127;
    in6_addr six{};
    return ::inet_pton(AF_INET6, text.c_str(), &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

Hosts::Hosts(std::string_view host, std::uint16_t port, const std::vector<std::string>& remote,
             std::string_view public_origin)
    : public_origin_(public_origin), public_host_(public_origin.empty() ? "" : host_of_origin(public_origin)) {
    const std::string suffix = ":" + std::to_string(port);
    const auto add = [&](std::vector<std::string>& list, const std::string& name) {
        list.push_back(name + suffix);
        if (port == 80) list.push_back(name);
    };
    if (!is_wildcard(host)) add(own_, with_brackets(host));
    if (is_loopback(host) && host != "localhost") add(own_, "localhost");
    for (const std::string& name : remote) {
        if (!has_port(name)) remote_.push_back(name + suffix);
        remote_.push_back(name);
    }
}

bool Hosts::contains(std::string_view host) const {
    if (!public_host_.empty() && host == public_host_) return true;
    const auto is_it = [&](const std::string& known) { return known == host; };
    return std::any_of(own_.begin(), own_.end(), is_it) || std::any_of(remote_.begin(), remote_.end(), is_it);
}

bool Hosts::is_own_origin(std::string_view origin, std::string_view host) const {
    // The scheme of that host is known.
    if (!public_host_.empty() && host == public_host_) return origin == public_origin_;
    if (origin == "http://" + std::string(host)) return true;
    // Requests for other hosts come through something that encrypts the connection. This server does not do that
    // itself.
    const bool is_remote = std::find(remote_.begin(), remote_.end(), host) != remote_.end();
    return is_remote && origin == "https://" + std::string(host);
}

Authorization::Authorization(Hosts hosts, Identification& identification)
    : hosts_(std::move(hosts)), identification_(identification) {}

std::variant<Caller, Answer> Authorization::check(const RequestHead& head, const Route& route) const {
    Caller caller;
    if (auto refusal = check_host(head)) return *std::move(refusal);
    if (auto refusal = check_site(head, route)) return *std::move(refusal);
    if (auto refusal = check_origin(head)) return *std::move(refusal);
    if (auto refusal = check_method(head, route)) return *std::move(refusal);
    if (auto refusal = check_credentials(head, route, caller)) return *std::move(refusal);
    if (route.kind == Route::Kind::unknown) return error_answer(404, "not_found", "there is nothing here");
    if (auto refusal = check_body(head)) return *std::move(refusal);
    return caller;
}

Authorization::Refusal Authorization::check_host(const RequestHead& head) const {
    if (hosts_.contains(head.header("host").value_or(""))) return std::nullopt;
    return error_answer(421, "wrong_host", "this server is not reached under that Host; use the address it printed");
}

Authorization::Refusal Authorization::check_site(const RequestHead& head, const Route& route) const {
    const auto site = head.header("sec-fetch-site");
    if (!site || site == "same-origin" || opens_the_page(head, route)) return std::nullopt;
    if (site == "none" && !changes_something(head)) return std::nullopt;
    return error_answer(403, "foreign_site", "a page of another site sent this request");
}

Authorization::Refusal Authorization::check_origin(const RequestHead& head) const {
    const auto origin = head.header("origin");
    if (!origin || hosts_.is_own_origin(*origin, *head.header("host"))) return std::nullopt;
    return error_answer(403, "foreign_origin", "a page of another origin sent this request");
}

Authorization::Refusal Authorization::check_method(const RequestHead& head, const Route& route) const {
    if (route.kind == Route::Kind::unknown || route.allows(head.method)) return std::nullopt;
    Answer answer = error_answer(405, "method_not_allowed", "this address takes " + std::string(route.methods()));
    answer.headers.emplace_back("Allow", route.methods());
    return answer;
}

/// Cookies are no credentials: a browser sends them to every port of the machine. What a proxy says about its browser
/// comes with whatever that browser sends, from whichever page, so the Origin counts there as it does for a session.
Authorization::Refusal Authorization::check_credentials(const RequestHead& head, const Route& route,
                                                        Caller& caller) const {
    if (route.is_public(head.method)) return std::nullopt;
    auto identified = identification_.identify(head);
    if (auto* const refusal = std::get_if<Answer>(&identified)) return std::move(*refusal);
    caller = std::get<Caller>(std::move(identified));
    if (caller.has_token) return std::nullopt;
    if (route.kind == Route::Kind::link) {
        return error_answer(403, "token_only", "only who has the server's token makes links");
    }
    if (!changes_something(head) || head.header("origin")) return std::nullopt;
    return error_answer(403, "missing_origin", "a browser's request needs its Origin");
}

Authorization::Refusal Authorization::check_body(const RequestHead& head) const {
    if (head.header("transfer-encoding")) {
        return error_answer(411, "length_required", "send the body whole, with its Content-Length");
    }
    const auto length = head.content_length();
    if (!changes_something(head)) {
        if (length.value_or(0) == 0) return std::nullopt;
        return error_answer(400, "unexpected_body", "a GET takes no body");
    }
    if (!length) return error_answer(411, "length_required", "send the body's Content-Length, 0 for none");
    if (*length > maximum_body_bytes) {
        return error_answer(413, "too_large", "a body takes " + std::to_string(maximum_body_bytes) + " bytes at most");
    }
    if (head.header("content-encoding")) {
        return error_answer(415, "encoded_body", "send the body as it is, without Content-Encoding");
    }
    if (is_json(head.header("content-type").value_or(""))) return std::nullopt;
    return error_answer(415, "not_json", "send Content-Type: application/json");
}

}  // namespace approvekit::web
