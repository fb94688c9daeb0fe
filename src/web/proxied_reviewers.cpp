#include "web/proxied_reviewers.hpp"

#include "approvekit/error.hpp"
#include "review/reviewers_text.hpp"
#include "text/ascii.hpp"
#include "web/invited_reviewers.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace approvekit::web {
namespace {

constexpr std::size_t longest_header_name = 64;
constexpr std::size_t shortest_proxy_secret = 32;
constexpr std::size_t longest_proxy_secret = 256;

/// Headers that a browser, or the path that a request takes, sets by itself.
constexpr std::array taken_headers = {
    std::string_view("authorization"),
    std::string_view("connection"),
    std::string_view("cookie"),
    std::string_view("host"),
    std::string_view("origin"),
    std::string_view("referer"),
    std::string_view("last-event-id"),
    std::string_view("accept"),
    std::string_view("user-agent"),
    std::string_view("expect"),
    std::string_view("forwarded"),
    std::string_view("transfer-encoding"),
    std::string_view("accept-language"),
    std::string_view("accept-encoding"),
    proxy_secret_header,
};

bool is_taken(std::string_view name) {
    return std::find(taken_headers.begin(), taken_headers.end(), name) != taken_headers.end() ||
           name.starts_with("content-") || name.starts_with("sec-");
}

bool is_in_header_name(char character) {
    return (character >= 'a' && character <= 'z') || (character >= '0' && character <= '9') || character == '-' ||
           character == '_';
}

/// A header that was sent twice becomes a list if somebody on the way has joined both.
std::string fault_of_proxied_name(std::string_view name) {
    if (name.find(',') != std::string_view::npos) return "has a comma in it, as if the header had come twice";
    return review::fault_of_listed_name(name);
}

Answer unknown_reviewer(const std::string& why) {
    return error_answer(403, "unknown_reviewer", "the name that the proxy sends " + why);
}

}  // namespace

std::string read_user_header(std::string_view name) {
    std::string lower = text::lower_case(name);
    const bool is_name = !lower.empty() && lower.size() <= longest_header_name &&
                         std::all_of(lower.begin(), lower.end(), is_in_header_name);
    if (!is_name) {
        throw Error(ErrorCode::invalid_option,
                    "a proxy names the reviewer in a header of letters, digits and dashes: Remote-User");
    }
    if (!is_taken(lower)) return lower;
    throw Error(ErrorCode::invalid_option,
                "the header " + lower + " says something else already; let the proxy name the reviewer in another one");
}

void check_proxy_secret(std::string_view secret) {
    const auto is_visible = [](char character) { return character > ' ' && character <= '~'; };
    if (secret.size() >= shortest_proxy_secret && secret.size() <= longest_proxy_secret &&
        std::all_of(secret.begin(), secret.end(), is_visible)) {
        return;
    }
    throw Error(ErrorCode::invalid_option,
                "the secret of a proxy takes 32 to 256 characters of ASCII without blanks; make one with: openssl rand "
                "-hex 32");
}

ProxiedReviewers::ProxiedReviewers(const Terms& terms, const Clock& clock)
    : user_header_(terms.user_header), secret_(terms.secret), clock_(clock) {
    if (terms.reviewers_file.empty()) return;
    file_ = std::make_unique<review::WatchedReviewers>(terms.reviewers_file, clock);
    static_cast<void>(file_->now());
}

std::variant<Caller, Answer> ProxiedReviewers::identify(const RequestHead& head) {
    if (head.is_repeated(user_header_) || head.is_repeated(proxy_secret_header)) {
        return error_answer(400, "malformed_request", "a header of the proxy came more than once");
    }
    const std::string_view secret = head.header(proxy_secret_header).value_or("");
    if (!same_secret(secret, secret_)) return unauthorized("this server is reached through its proxy alone");
    const std::string_view name = head.header(user_header_).value_or("");
    if (name.empty()) return unauthorized("the proxy does not say who asks");
    if (const std::string fault = fault_of_proxied_name(name); !fault.empty()) return unknown_reviewer(fault);
    if (auto answer = trouble()) return *std::move(answer);
    if (!is_listed(name)) return unknown_reviewer("is not one of the reviewers of this server");
    return Caller{
        .reviewer = std::string(name), .is_one_of_several = true, .until = clock_.since_boot() + longest_stream};
}

bool ProxiedReviewers::still_knows(const Caller& caller) {
    return clock_.since_boot() < caller.until && is_listed(caller.reviewer);
}

std::variant<Caller, Answer> ProxiedReviewers::sign_in(std::string_view /*link*/, std::string_view /*secret*/) {
    return unauthorized("this server takes no links: its proxy says who asks");
}

std::string ProxiedReviewers::make_link() {
    throw Error(ErrorCode::invalid_option, "this server has no links: its proxy signs people in");
}

std::optional<Answer> ProxiedReviewers::trouble() {
    return !file_ || file_->known() ? std::nullopt : std::optional(no_reviewers());
}

/// Compares exactly, since another spelling may be another person to the proxy.
bool ProxiedReviewers::is_listed(std::string_view name) {
    if (!file_) return true;
    const auto people = file_->known();
    const auto is_it = [&](const InvitedReviewer& one) { return one.name == name; };
    return people && std::any_of(people->begin(), people->end(), is_it);
}

}  // namespace approvekit::web
