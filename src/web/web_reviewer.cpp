#include "approvekit/web_reviewer.hpp"

#include "approvekit/digest.hpp"
#include "approvekit/error.hpp"
#include "approvekit/reviewers_file.hpp"
#include "web/proxied_reviewers.hpp"
#include "web/public_address.hpp"
#include "web/server.hpp"

#include <algorithm>
#include <mutex>
#include <utility>

namespace approvekit {
namespace {

constexpr std::size_t minimum_token_length = 16;
constexpr std::size_t maximum_token_length = 256;
constexpr std::size_t random_token_bytes = 24;

/// Characters that stay unchanged in an address, a header and a shell.
bool is_token_character(char character) {
    return (character >= '0' && character <= '9') || (character >= 'a' && character <= 'z') ||
           (character >= 'A' && character <= 'Z') || character == '-' || character == '_' || character == '.';
}

void check_token(const std::string& token) {
    if (token.size() < minimum_token_length || token.size() > maximum_token_length ||
        !std::all_of(token.begin(), token.end(), is_token_character)) {
        throw Error(ErrorCode::invalid_option, "a token takes " + std::to_string(minimum_token_length) + " to " +
                                                   std::to_string(maximum_token_length) +
                                                   " letters, digits, dots, dashes and underscores");
    }
}

void check_remote_host(const std::string& host) {
    const auto is_bad = [](char character) {
        return character <= ' ' || character > '~' || character == '/' || character == '@' || character == '#';
    };
    if (host.empty() || std::any_of(host.begin(), host.end(), is_bad)) {
        throw Error(ErrorCode::invalid_option,
                    "a remote host is what clients send as Host: a name or address, with :PORT where it has one");
    }
}

/// Returns the address itself. "[::1]" is written like that only before a port. And on some machines "localhost" is two
/// addresses, and another program may hold the one that is not ours.
std::string address_of(const std::string& host) {
    if (host == "localhost") return "127.0.0.1";
    const bool has_brackets = host.starts_with('[') && host.ends_with(']') && host.find(':') != std::string::npos;
    return has_brackets ? host.substr(1, host.size() - 2) : host;
}

void check_reach(const WebReviewer::Options& options) {
    if (web::is_loopback(address_of(options.host)) || !options.remote_hosts.empty()) return;
    throw Error(ErrorCode::invalid_option,
                "'" + options.host +
                    "' can be reached from other machines; to allow that, name the hosts by which "
                    "they reach it (--allow-remote HOST)");
}

void check_several_reviewers(const WebReviewer::Options& options) {
    if (!options.reviewers_file.empty()) static_cast<void>(ReviewersFile(options.reviewers_file));
    if (options.proxy_user_header.empty() != options.proxy_secret.empty()) {
        throw Error(ErrorCode::invalid_option,
                    "a proxy that says who asks needs both, the header in which it does and the secret that it shares");
    }
    if (!options.proxy_user_header.empty()) {
        static_cast<void>(web::read_user_header(options.proxy_user_header));
        web::check_proxy_secret(options.proxy_secret);
    }
    if (options.has_several_reviewers() && !options.token.empty()) {
        throw Error(ErrorCode::invalid_option,
                    "a token is one reviewer's; with several reviewers, each signs in under their own name");
    }
}

/// A key belongs to one person, and would sign what others decided.
void check_signer(const Reviewer& reviewer, const WebReviewer::Options& options) {
    if (reviewer.signer() == nullptr || !options.has_several_reviewers()) return;
    throw Error(
        ErrorCode::invalid_option,
        "the key of " + reviewer.name() +
            " would sign what others decide: a server of several reviewers has no key, and each who signs needs "
            "a server, or approvekit-review, of their own");
}

WebReviewer::Options completed(const Reviewer& reviewer, WebReviewer::Options options) {
    options.check();
    check_signer(reviewer, options);
    options.host = address_of(options.host);
    options.base_path = web::read_base_path(options.base_path);
    if (options.has_several_reviewers()) return options;
    if (options.token.empty()) options.token = random_hex(random_token_bytes);
    return options;
}

}  // namespace

void WebReviewer::Options::check() const {
    if (!token.empty()) check_token(token);
    std::for_each(remote_hosts.begin(), remote_hosts.end(), check_remote_host);
    check_reach(*this);
    (void)web::read_base_path(base_path);
    if (!public_origin.empty()) (void)web::host_of_origin(public_origin);
    check_several_reviewers(*this);
    if (maximum_streams == 0) throw Error(ErrorCode::invalid_option, "maximum_streams is at least 1");
}

void WebReviewer::Options::check_address() const {
    (void)web::Listener(address_of(host), port);
}

class WebReviewer::Implementation {
public:
    Implementation(Reviewer reviewer, Options options)
        : reviewer_(std::move(reviewer)), options_(completed(reviewer_, std::move(options))) {}

    void start() {
        const std::lock_guard lock(mutex_);
        if (server_) return;
        server_ = std::make_unique<web::Server>(reviewer_, settings());
        port_ = server_->port();
        address_ = server_->address();
        capacity_note_ = server_->capacity_note();
    }

    void stop() noexcept {
        const std::lock_guard lock(mutex_);
        server_.reset();
    }

    [[nodiscard]] std::string address() const {
        const std::lock_guard lock(mutex_);
        return address_;
    }

    [[nodiscard]] std::uint16_t port() const {
        const std::lock_guard lock(mutex_);
        return port_;
    }

    [[nodiscard]] std::string link() {
        const std::lock_guard lock(mutex_);
        if (!server_) throw Error(ErrorCode::server, "only a server that runs has links: call start() first");
        return server_->make_link();
    }

    [[nodiscard]] const std::string& token() const noexcept { return options_.token; }

    [[nodiscard]] std::string capacity_note() const {
        const std::lock_guard lock(mutex_);
        return capacity_note_;
    }

private:
    [[nodiscard]] web::Settings settings() const {
        const std::string& header = options_.proxy_user_header;
        return {.host = options_.host,
                .port = options_.port,
                .token = options_.token,
                .remote_hosts = options_.remote_hosts,
                .base_path = options_.base_path,
                .public_origin = options_.public_origin,
                .maximum_streams = options_.maximum_streams,
                .patience = {},
                .reviewers_file = options_.reviewers_file,
                .user_header = header.empty() ? std::string() : web::read_user_header(header),
                .proxy_secret = options_.proxy_secret};
    }

    const Reviewer reviewer_;
    const Options options_;
    mutable std::mutex mutex_;
    std::unique_ptr<web::Server> server_;
    std::string address_;
    std::string capacity_note_;
    std::uint16_t port_ = 0;
};

WebReviewer::WebReviewer(Reviewer reviewer, Options options)
    : implementation_(std::make_unique<Implementation>(std::move(reviewer), std::move(options))) {}

WebReviewer::~WebReviewer() = default;

void WebReviewer::start() {
    implementation_->start();
}

void WebReviewer::stop() noexcept {
    implementation_->stop();
}

std::string WebReviewer::address() const {
    return implementation_->address();
}

std::string WebReviewer::link() {
    return implementation_->link();
}

const std::string& WebReviewer::token() const noexcept {
    return implementation_->token();
}

std::uint16_t WebReviewer::port() const noexcept {
    return implementation_->port();
}

std::string WebReviewer::capacity_note() const {
    return implementation_->capacity_note();
}

}  // namespace approvekit
