#pragma once

#include "approvekit/decision.hpp"
#include "web/assets.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace approvekit::web {

/// What an address means.
struct Route {
    enum class Kind {
        asset,
        page,  ///< an address of a view of the page, which reads it itself
        health,
        link,
        session,
        sessions,
        session_end,
        requests,
        request,
        decision,
        decisions,
        audit,
        calls,
        call,
        call_count,
        call_export,
        statistics,
        stops,
        lifting,
        grants,
        revocation,
        events,
        unknown,
        entrance  ///< the base path without its slash, which leads to the page
    };

    Kind kind = Kind::unknown;
    std::string
        id{};  ///< of a request, decision, lifted stop or revoked grant: an id or the start of one; of a session: its
               ///< id; of a call: its place
    Verdict verdict = Verdict::reject;  ///< of a decision
    const Asset* asset = nullptr;       ///< of a file of the page
    bool opens_page = false;            ///< where a person who follows a link arrives

    /// Returns the methods that it takes, as the Allow header tells them; empty if it takes none.
    [[nodiscard]] std::string_view methods() const;
    [[nodiscard]] bool allows(std::string_view method) const;

    /// Whether it is served without a token: the page, which holds no secret, and the way to get a session.
    [[nodiscard]] bool is_public(std::string_view method) const;
};

/// `path` is as it came, not decoded; `base_path` is as read_base_path() returns it. Compares exactly: a path outside
/// of it, or in another spelling, means nothing.
[[nodiscard]] Route find_route(std::string_view path, std::string_view base_path = {});

/// Returns `text` with each %XX as its byte and, in a query, each + as a space. Returns nothing if a % does not start
/// such a pair.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space = false);

}  // namespace approvekit::web
