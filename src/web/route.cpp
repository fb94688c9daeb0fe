#include "web/route.hpp"

#include "text/utf8.hpp"

#include <algorithm>
#include <charconv>

namespace approvekit::web {
namespace {

constexpr std::string_view requests_path = "/api/requests/";
constexpr std::string_view stops_path = "/api/stops/";
constexpr std::string_view grants_path = "/api/grants/";
constexpr std::string_view calls_path = "/api/calls/";
constexpr std::string_view sessions_path = "/api/sessions/";

Route find_asset_route(std::string_view path) {
    const auto all = assets();
    const std::string_view wanted = path == "/" ? "/index.html" : path;
    const auto found = std::find_if(all.begin(), all.end(), [&](const Asset& asset) { return asset.path == wanted; });
    if (found == all.end()) return {};
    return {.kind = Route::Kind::asset, .asset = &*found, .opens_page = path == "/"};
}

/// Whether the page shows one view, request or call under this address. The page itself reads what comes after the last
/// slash; nothing here looks at it.
bool is_page_address(std::string_view path) {
    if (path == "/history" || path == "/overview" || path == "/record") return true;
    for (const std::string_view start : {"/requests/", "/calls/"}) {
        if (path.starts_with(start)) return path.size() > start.size() && path.find('/', start.size()) == path.npos;
    }
    return false;
}

Route find_page_route(std::string_view path) {
    if (!is_page_address(path)) return find_asset_route(path);
    Route route = find_asset_route("/");
    route.kind = Route::Kind::page;
    return route;
}

/// Finds the route for "ID", or for "ID/approve" and so on for each verdict.
Route find_request_route(std::string_view rest) {
    const auto slash = rest.find('/');
    auto id = percent_decode(rest.substr(0, slash));
    if (!id || id->empty() || !text::is_utf8(*id)) return {};
    if (slash == std::string_view::npos) return {.kind = Route::Kind::request, .id = *std::move(id)};
    const std::string_view action = rest.substr(slash + 1);
    const auto verdict = parse_verdict(action);
    return verdict ? Route{.kind = Route::Kind::decision, .id = *std::move(id), .verdict = *verdict} : Route{};
}

/// Finds the route for "ID/ACTION".
Route find_ending_route(std::string_view rest, std::string_view action, Route::Kind kind) {
    const auto slash = rest.find('/');
    auto id = percent_decode(rest.substr(0, slash));
    if (!id || id->empty() || !text::is_utf8(*id)) return {};
    if (slash == std::string_view::npos || rest.substr(slash + 1) != action) return {};
    return {.kind = kind, .id = *std::move(id)};
}

/// `path` is within the base path.
Route find_inner_route(std::string_view path) {
    if (path == "/api/requests") return {.kind = Route::Kind::requests};
    if (path.starts_with(requests_path)) return find_request_route(path.substr(requests_path.size()));
    if (path == "/api/decisions") return {.kind = Route::Kind::decisions};
    if (path == "/api/stops") return {.kind = Route::Kind::stops};
    if (path.starts_with(stops_path)) {
        return find_ending_route(path.substr(stops_path.size()), "resume", Route::Kind::lifting);
    }
    if (path == "/api/grants") return {.kind = Route::Kind::grants};
    if (path.starts_with(grants_path)) {
        return find_ending_route(path.substr(grants_path.size()), "revoke", Route::Kind::revocation);
    }
    if (path == "/api/audit") return {.kind = Route::Kind::audit};
    if (path == "/api/calls") return {.kind = Route::Kind::calls};
    if (path == "/api/calls/count") return {.kind = Route::Kind::call_count};
    if (path == "/api/calls/export") return {.kind = Route::Kind::call_export};
    if (path.starts_with(calls_path)) {
        return {.kind = Route::Kind::call, .id = std::string(path.substr(calls_path.size()))};
    }
    if (path == "/api/stats") return {.kind = Route::Kind::statistics};
    if (path == "/api/events") return {.kind = Route::Kind::events};
    if (path == "/api/link") return {.kind = Route::Kind::link};
    if (path == "/api/session") return {.kind = Route::Kind::session};
    if (path == "/api/sessions") return {.kind = Route::Kind::sessions};
    if (path.starts_with(sessions_path)) {
        return find_ending_route(path.substr(sessions_path.size()), "end", Route::Kind::session_end);
    }
    if (path == "/api/health") return {.kind = Route::Kind::health};
    return find_page_route(path);
}

}  // namespace

std::string_view Route::methods() const {
    switch (kind) {
        case Kind::session:
        case Kind::stops:
            return "GET, POST";
        case Kind::decision:
        case Kind::decisions:
        case Kind::link:
        case Kind::lifting:
        case Kind::revocation:
        case Kind::session_end:
            return "POST";
        case Kind::unknown:
            return "";
        default:
            return "GET";
    }
}

bool Route::allows(std::string_view method) const {
    const bool takes_both = kind == Kind::session || kind == Kind::stops;
    const bool takes_post = methods().find("POST") != std::string_view::npos;
    if (method == "POST") return takes_post;
    return method == "GET" && kind != Kind::unknown && (!takes_post || takes_both);
}

bool Route::is_public(std::string_view method) const {
    return kind == Kind::asset || kind == Kind::page || kind == Kind::entrance || kind == Kind::health ||
           (kind == Kind::session && method == "POST");
}

Route find_route(std::string_view path, std::string_view base_path) {
    if (!path.starts_with(base_path)) return {};
    const std::string_view inner = path.substr(base_path.size());
    if (inner.empty() && !base_path.empty()) return {.kind = Route::Kind::entrance, .opens_page = true};
    return inner.starts_with('/') ? find_inner_route(inner) : Route{};
}

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
    std::string result;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '%') {
            unsigned char byte = 0;
            const char* const digits = text.data() + at + 1;
            if (at + 2 >= text.size() || std::from_chars(digits, digits + 2, byte, 16).ptr != digits + 2) {
                return std::nullopt;
            }
            result.push_back(static_cast<char>(byte));
            at += 2;
        } else {
            result.push_back(plus_is_space && text[at] == '+' ? ' ' : text[at]);
        }
    }
    return result;
}

}  // namespace approvekit::web
