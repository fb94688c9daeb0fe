#pragma once

#include "approvekit/reviewer.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace approvekit {

/// Serves the review page and its HTTP API, from approvekit-web or inside an agent's own process.
///
/// Owns its threads; thread-safe. Serves only who holds its token or was signed in by one of its links, or whom a file of
/// reviewers or a proxy names, on its exact host, from its own page.
class WebReviewer {
public:
    struct Options {
        std::string host = "127.0.0.1";  ///< "::1" may be written "[::1]"; "localhost" is 127.0.0.1
        std::uint16_t port = 8765;       ///< 0 takes a free one
        /// What programs send along; at least 16 characters; empty: a random one.
        std::string token;
        /// Needed to bind to an address that is not loopback: the exact Host values that clients will send.
        std::vector<std::string> remote_hosts;
        /// The path under which everything is served, "/approvals", for a proxy that passes on what begins with it, and
        /// passes it on unchanged. Letters, digits and -_.~ between single slashes, 64 bytes at most; empty: "/".
        std::string base_path;
        /// How browsers reach it through such a proxy, "https://review.example.org": where links lead, and, beside its own
        /// Host, the only one that is served. Empty: without one.
        std::string public_origin;
        std::size_t maximum_streams = 64;
        /// A server of several reviewers: those in this file (ReviewersFile), each of whom signs in by a link of their own and
        /// decides under the own name. Looked at for every request: who is removed is refused at once, and nobody is served
        /// while it cannot be read or trusted. Without a token. Empty: one reviewer, the one that is given.
        std::string reviewers_file;
        /// The other way: a proxy signs people in and names the reviewer in this header, "Remote-User", which counts beside
        /// `proxy_secret` alone; together with `reviewers_file` for those who are listed there. Without token and links.
        std::string proxy_user_header;
        /// What the proxy sends in the header ApproveKit-Proxy-Secret: 32 to 256 visible characters.
        std::string proxy_secret;

        /// Whether each request tells who decides.
        [[nodiscard]] bool has_several_reviewers() const noexcept {
            return !reviewers_file.empty() || !proxy_user_header.empty();
        }

        /// Throws Error (invalid_option) for options that make no sense.
        void check() const;

        /// Throws Error (server) when the address is taken or cannot be used.
        void check_address() const;
    };

    /// Does not listen yet. Of a reviewer among several only the record and the way count. Throws what Options::check throws,
    /// and Error (invalid_option) for a reviewer that signs where there are several: a signature is one person's.
    WebReviewer(Reviewer reviewer, Options options);

    /// Stops and joins.
    ~WebReviewer();

    WebReviewer(const WebReviewer&) = delete;
    WebReviewer& operator=(const WebReviewer&) = delete;

    /// Binds and serves in the background. Throws Error (server) when the address is taken or cannot be had, or when
    /// the process may open so few files that no client could be served, and (invalid_option) when the file of reviewers
    /// cannot be read or trusted.
    void start();

    /// Ends all streams and joins the threads. May be called twice.
    void stop() noexcept;

    /// "http://127.0.0.1:8765" and the base path, for programs on this machine; valid after start().
    [[nodiscard]] std::string address() const;

    /// A new link each time, which signs one browser in: the first that opens it. That browser stays signed in while the
    /// server runs; a minute after its first use the link is no longer valid. Unused, the last 128 links are good.
    /// Throws Error (server) before start() and after stop(), and (invalid_option) where there are several reviewers, whose
    /// links ReviewersFile makes.
    [[nodiscard]] std::string link();

    /// What programs send with each request; empty where there are several reviewers.
    [[nodiscard]] const std::string& token() const noexcept;
    [[nodiscard]] std::uint16_t port() const noexcept;

    /// A sentence for a person when the limit of open files (ulimit -n) lets it serve fewer clients at once than
    /// usual; empty otherwise. Valid after start().
    [[nodiscard]] std::string capacity_note() const;

private:
    class Implementation;
    std::unique_ptr<Implementation> implementation_;
};

}  // namespace approvekit
