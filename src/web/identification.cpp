#include "web/identification.hpp"

#include <utility>

namespace approvekit::web {

Answer unauthorized(std::string_view message) {
    Answer answer = error_answer(401, "unauthorized", message);
    answer.headers.emplace_back("WWW-Authenticate", "Bearer");
    return answer;
}

std::string_view bearer_secret(const RequestHead& head) {
    constexpr std::string_view bearer = "Bearer ";
    const std::string_view given = head.header("authorization").value_or("");
    return given.starts_with(bearer) ? given.substr(bearer.size()) : std::string_view();
}

OneReviewer::OneReviewer(Terms terms, const Clock& clock)
    : terms_(std::move(terms)), clock_(clock), links_(terms_.address, clock) {}

std::variant<Caller, Answer> OneReviewer::identify(const RequestHead& head) {
    const std::string_view secret = bearer_secret(head);
    if (secret.empty()) return unauthorized("open a link of this server, or send its token");
    if (same_secret(secret, terms_.token)) return Caller{.reviewer = terms_.reviewer, .has_token = true};
    if (auto session = sessions_.find(secret, clock_.now())) {
        return Caller{.reviewer = terms_.reviewer, .session = std::move(session->id)};
    }
    return unauthorized("that is neither this server's token nor one of its sessions");
}

bool OneReviewer::still_knows(const Caller& caller) {
    return caller.has_token || sessions_.has(caller.session);
}

std::variant<Caller, Answer> OneReviewer::sign_in(std::string_view link, std::string_view secret) {
    const SignInLinks::Redeemed redeemed = links_.redeem(link, secret);
    if (redeemed == SignInLinks::Redeemed::unknown) {
        return error_answer(401, "unauthorized", "that link is not one of this server's");
    }
    if (redeemed == SignInLinks::Redeemed::granted && sessions_.open(secret, clock_.now())) {
        return Caller{.reviewer = terms_.reviewer};
    }
    return error_answer(401, "link_used", "that link has signed in a browser already; get another one");
}

}  // namespace approvekit::web
