#pragma once

#include "approvekit/clock.hpp"
#include "review/watched_reviewers.hpp"
#include "web/identification.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace approvekit::web {

/// The header by which the proxy shows that it is the right one.
inline constexpr std::string_view proxy_secret_header = "approvekit-proxy-secret";

/// Returns it in lower case. Throws Error (invalid_option) if it is not the name of a header, or is that of a header
/// with another meaning: Host, Authorization and so on.
[[nodiscard]] std::string read_user_header(std::string_view name);

/// Throws Error (invalid_option) unless it is 32 to 256 letters, digits and other visible characters of ASCII.
void check_proxy_secret(std::string_view secret);

/// A server behind a proxy that signs people in and says in a header who asks. The header counts only together with the
/// secret that proxy and server share, and, if there is a file of reviewers, only for those who are listed there.
class ProxiedReviewers final : public Identification {
public:
    /// After that, a stream of events ends and is requested again, so that the proxy is asked again whom it is for.
    static constexpr std::chrono::minutes longest_stream{5};

    /// Plain values.
    struct Terms {
        std::string user_header;  ///< as read_user_header() returns it
        std::string secret;
        std::string reviewers_file{};  ///< empty: for everybody whom the proxy lets in
    };

    /// Keeps a reference to `clock`. Throws Error (invalid_option) like ReviewersFile::read().
    ProxiedReviewers(const Terms& terms, const Clock& clock);

    [[nodiscard]] std::variant<Caller, Answer> identify(const RequestHead& head) override;
    [[nodiscard]] bool still_knows(const Caller& caller) override;
    [[nodiscard]] std::variant<Caller, Answer> sign_in(std::string_view link, std::string_view secret) override;
    [[nodiscard]] std::vector<Session> sessions_of(const Caller& /*caller*/) override { return {}; }
    [[nodiscard]] std::optional<Session> end_session(const Caller& /*caller*/, std::string_view /*id*/) override {
        return std::nullopt;
    }
    [[nodiscard]] std::string make_link() override;
    [[nodiscard]] bool is_proxied() const noexcept override { return true; }
    [[nodiscard]] std::optional<Answer> trouble() override;

private:
    [[nodiscard]] bool is_listed(std::string_view name);

    const std::string user_header_;
    const std::string secret_;
    const Clock& clock_;
    std::unique_ptr<review::WatchedReviewers> file_;  // null: everybody is listed
};

}  // namespace approvekit::web
