#pragma once

#include "web/answer.hpp"
#include "web/identification.hpp"
#include "web/request_reader.hpp"
#include "web/route.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace approvekit::web {

/// Whether an address can be reached from this machine only: 127.0.0.0/8, ::1 or localhost. Every other name and
/// every unusual spelling counts as reachable from elsewhere.
[[nodiscard]] bool is_loopback(std::string_view host);

/// The names by which a server may be addressed. Immutable.
///
/// A page of another site can make its own name resolve to this machine, but then the browser sends that name as Host.
class Hosts {
public:
    /// `remote`: further Host values, for a server that others reach. A value without a port stands for both, with the
    /// server's port and without. `public_origin`: how browsers reach it through a proxy, if they do.
    Hosts(std::string_view host, std::uint16_t port, const std::vector<std::string>& remote,
          std::string_view public_origin = {});

    /// Compares exactly.
    [[nodiscard]] bool contains(std::string_view host) const;

    /// Whether `origin` is that of a page which came from `host` of this server.
    [[nodiscard]] bool is_own_origin(std::string_view origin, std::string_view host) const;

    /// Returns the Host by which a person on this machine reaches the server, or, if only others reach it, the first of
    /// theirs.
    [[nodiscard]] const std::string& preferred() const { return own_.empty() ? remote_.front() : own_.front(); }

    /// Returns where a link for a browser leads, without a path.
    [[nodiscard]] std::string link_origin() const {
        return public_origin_.empty() ? "http://" + preferred() : public_origin_;
    }

private:
    std::vector<std::string> own_;
    std::vector<std::string> remote_;
    std::string public_origin_;
    std::string public_host_;
};

inline constexpr std::size_t maximum_body_bytes = std::size_t{64} * 1024;

/// Decides who is served, by the head of a request alone, before a byte of its body is read. Thread-safe.
///
/// A request must be for this very host, must not come from a page of another site, and must be sent by somebody who is
/// known. If it changes something, it must be JSON that our own page or a holder of the token has sent.
class Authorization {
public:
    /// Keeps a reference to `identification`.
    Authorization(Hosts hosts, Identification& identification);

    using Refusal = std::optional<Answer>;

    /// Returns the answer that refuses a request for `route`, or else the caller who may be served. If the address is
    /// for everybody, nothing is known about the caller.
    [[nodiscard]] std::variant<Caller, Answer> check(const RequestHead& head, const Route& route) const;

private:
    [[nodiscard]] Refusal check_host(const RequestHead& head) const;
    [[nodiscard]] Refusal check_site(const RequestHead& head, const Route& route) const;
    [[nodiscard]] Refusal check_origin(const RequestHead& head) const;
    [[nodiscard]] Refusal check_method(const RequestHead& head, const Route& route) const;
    [[nodiscard]] Refusal check_credentials(const RequestHead& head, const Route& route, Caller& caller) const;
    [[nodiscard]] Refusal check_body(const RequestHead& head) const;

    const Hosts hosts_;
    Identification& identification_;
};

}  // namespace approvekit::web
