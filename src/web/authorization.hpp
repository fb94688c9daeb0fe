#pragma once

#include "web/answer.hpp"
#include "web/hosts.hpp"
#include "web/request_head.hpp"
#include "web/route.hpp"
#include "web/sessions.hpp"

#include <optional>
#include <string>

namespace approvekit::web {

inline constexpr std::size_t maximum_body_bytes = std::size_t{64} * 1024;

/// What authorization needs to know of a server. Plain values.
struct AccessRules {
    Hosts hosts;
    std::string token;
};

/// Decides who is served, by the head of a request alone, before a byte of its body is read. Thread-safe.
///
/// A request must be for this very host; not come from a page of another site; bring the token or the secret of a
/// session; and where it changes something, be JSON that our own page or a holder of the token has sent.
class Authorization {
public:
    /// Keeps a reference to `sessions`.
    Authorization(AccessRules rules, const Sessions& sessions);

    using Refusal = std::optional<Answer>;

    /// The answer that refuses; nothing where the request may be served.
    [[nodiscard]] Refusal check(const RequestHead& head) const;

private:
    [[nodiscard]] Refusal check_host(const RequestHead& head) const;
    [[nodiscard]] Refusal check_site(const RequestHead& head) const;
    [[nodiscard]] Refusal check_origin(const RequestHead& head) const;
    [[nodiscard]] Refusal check_method(const RequestHead& head, const Route& route) const;
    [[nodiscard]] Refusal check_credentials(const RequestHead& head, const Route& route) const;
    [[nodiscard]] Refusal check_body(const RequestHead& head) const;

    AccessRules rules_;
    const Sessions& sessions_;
};

}  // namespace approvekit::web
