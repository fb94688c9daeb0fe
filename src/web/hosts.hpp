#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::web {

/// Whether an address can be reached from this machine only: 127.0.0.0/8, ::1 or localhost. Every other name and
/// every unusual spelling counts as reachable from elsewhere.
[[nodiscard]] bool is_loopback(std::string_view host);

/// The names under which a server may be spoken to. Immutable.
///
/// A page of another site can make its own name resolve to this machine, but then it is that name that the browser
/// sends as Host.
class Hosts {
public:
    /// `remote`: further Host values, for a server that others reach; one without a port stands for both, with
    /// the server's port and without.
    Hosts(std::string_view host, std::uint16_t port, const std::vector<std::string>& remote);

    /// Compares exactly.
    [[nodiscard]] bool contains(std::string_view host) const;

    /// Whether `origin` is that of a page which came from `host` of this server.
    [[nodiscard]] bool is_own_origin(std::string_view origin, std::string_view host) const;

    /// The Host by which a person on this machine gets here, or, on a server that only others reach, the first of
    /// theirs.
    [[nodiscard]] const std::string& preferred() const { return own_.empty() ? remote_.front() : own_.front(); }

private:
    std::vector<std::string> own_;
    std::vector<std::string> remote_;
};

}  // namespace approvekit::web
