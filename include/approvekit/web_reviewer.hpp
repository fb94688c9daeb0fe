#pragma once

#include "approvekit/reviewer.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace approvekit {

/// Serves the review page and its HTTP API, in approvekit-web or inside an agent's own process.
///
/// Owns its threads; thread-safe. Serves only clients that send its token, were signed in by one of its links, or are
/// named by a reviewers file or a proxy; only under its exact host, and to browsers only from its own page.
class WebReviewer {
public:
    struct Options {
        std::string host = "127.0.0.1";  ///< "::1" may be written "[::1]"; "localhost" is 127.0.0.1
        std::uint16_t port = 8765;       ///< 0 picks a free port
        /// The token that programs send; at least 16 characters. Empty: a random one.
        std::string token;
        /// The exact Host values that clients send. Required to bind to an address that is not loopback.
        std::vector<std::string> remote_hosts;
        /// The path under which everything is served, for instance "/approvals". For a proxy that forwards requests
        /// whose path begins with it, with the path unchanged. Letters, digits and -_.~ between single slashes, at most
        /// 64 bytes. Empty: "/".
        std::string base_path;
        /// The origin under which browsers reach it through a proxy, for instance "https://review.example.org". Links
        /// lead there, and its host is served in addition to the server's own and to `remote_hosts`. Empty: no proxy.
        std::string public_origin;
        std::size_t maximum_streams = 64;
        /// Several reviewers: those in this file (ReviewersFile). Each signs in with their own link and decides in
        /// their own name. The file is checked for every request: a removed person is refused at once, and nobody is
        /// served while the file cannot be read or trusted. There is no token then. Empty: one reviewer, the one given
        /// to the constructor.
        std::string reviewers_file;
        /// Several reviewers, in another way: a proxy signs people in and names the reviewer in this header, for
        /// instance "Remote-User". The header only counts together with `proxy_secret`. Together with `reviewers_file`,
        /// only for people listed there. There are no token and no links then.
        std::string proxy_user_header;
        /// The value that the proxy sends in the header ApproveKit-Proxy-Secret: 32 to 256 visible characters.
        std::string proxy_secret;

        /// Whether each HTTP request says who decides.
        [[nodiscard]] bool has_several_reviewers() const noexcept {
            return !reviewers_file.empty() || !proxy_user_header.empty();
        }

        /// Throws Error (invalid_option) for invalid options.
        void check() const;

        /// Throws Error (server) when the address is taken or cannot be used.
        void check_address() const;
    };

    /// Does not listen yet. With several reviewers, only the record and the `way` of `reviewer` are used. Throws what
    /// Options::check throws, and Error (invalid_option) for a reviewer that signs when there are several reviewers,
    /// since a signature belongs to one person.
    WebReviewer(Reviewer reviewer, Options options);

    /// Stops the server and joins its threads.
    ~WebReviewer();

    WebReviewer(const WebReviewer&) = delete;
    WebReviewer& operator=(const WebReviewer&) = delete;

    /// Binds the address and serves in the background. Throws Error: server when the address is taken or cannot be
    /// used, or when the process may open so few files that no client could be served; invalid_option when the
    /// reviewers file cannot be read or trusted.
    void start();

    /// Ends all streams and joins the threads. May be called twice.
    void stop() noexcept;

    /// "http://127.0.0.1:8765" and the base path, for programs on this machine; valid after start().
    [[nodiscard]] std::string address() const;

    /// Returns a new link each time. It signs in one browser: the first that opens it. That browser stays signed in
    /// while the server runs; a minute after its first use the link is no longer valid. Of the unused links, the last
    /// 128 are valid. Throws Error: server before start() and after stop(), invalid_option when there are several
    /// reviewers (ReviewersFile makes their links).
    [[nodiscard]] std::string link();

    /// The token that programs send with each request. Empty when there are several reviewers.
    [[nodiscard]] const std::string& token() const noexcept;
    [[nodiscard]] std::uint16_t port() const noexcept;

    /// A sentence for people if the limit of open files (ulimit -n) allows fewer clients at once than usual; empty
    /// otherwise. Valid after start().
    [[nodiscard]] std::string capacity_note() const;

private:
    class Implementation;
    std::unique_ptr<Implementation> implementation_;
};

}  // namespace approvekit
