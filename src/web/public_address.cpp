#include "web/public_address.hpp"

#include "approvekit/error.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace approvekit::web {
namespace {

/// Short enough that a path with an id in it stays below the limit of a request.
constexpr std::size_t longest_base_path = 64;

bool is_lower_or_digit(char character) {
    return (character >= 'a' && character <= 'z') || (character >= '0' && character <= '9');
}

bool is_path_character(char character) {
    return is_lower_or_digit(character) || (character >= 'A' && character <= 'Z') || character == '-' ||
           character == '_' || character == '.' || character == '~';
}

[[noreturn]] void refuse_base_path(std::string_view text, const std::string& what) {
    throw Error(ErrorCode::invalid_option, "'" + std::string(text) + "' is not a base path: " + what);
}

void check_part(std::string_view text, std::string_view part) {
    if (part.empty()) refuse_base_path(text, "it has two slashes in a row");
    if (part == "." || part == "..") refuse_base_path(text, "browsers and proxies take '.' and '..' out of paths");
    if (!std::all_of(part.begin(), part.end(), is_path_character)) {
        refuse_base_path(text, "it takes letters, digits, '-', '_', '.' and '~' between slashes, and nothing encoded");
    }
}

[[noreturn]] void refuse_origin(std::string_view text, const std::string& what) {
    throw Error(ErrorCode::invalid_option, "'" + std::string(text) + "' is not a public origin: " + what);
}

bool is_name(std::string_view name) {
    const auto is_good = [](char one) { return is_lower_or_digit(one) || one == '-' || one == '.'; };
    return !name.empty() && std::all_of(name.begin(), name.end(), is_good);
}

/// Whether it is an address such as "[::1]".
bool is_address_in_brackets(std::string_view name) {
    const auto is_good = [](char one) {
        return (one >= '0' && one <= '9') || (one >= 'a' && one <= 'f') || one == ':' || one == '.';
    };
    return name.size() > 2 && name.starts_with('[') && name.ends_with(']') &&
           std::all_of(name.begin() + 1, name.end() - 1, is_good);
}

/// Whether it is a port as a browser writes it: no zero in front, and not the one that the scheme has anyway.
bool is_port(std::string_view text, std::string_view usual) {
    std::uint16_t port = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), port);
    return read.ec == std::errc() && port != 0 && text == std::to_string(port) && text != usual;
}

void check_host(std::string_view origin, std::string_view host, std::string_view usual_port) {
    const auto bracket = host.rfind(']');
    const auto colon = host.find(':', bracket == std::string_view::npos ? 0 : bracket);
    const std::string_view name = host.substr(0, colon);
    if (!is_name(name) && !is_address_in_brackets(name)) {
        refuse_origin(origin, "write the host alone after the scheme, in lower case, without a path");
    }
    if (colon != std::string_view::npos && !is_port(host.substr(colon + 1), usual_port)) {
        refuse_origin(origin,
                      "write its port as a number, and leave out " + std::string(usual_port) + ", as browsers do");
    }
}

}  // namespace

std::string read_base_path(std::string_view text) {
    std::string_view path = text;
    if (path.empty()) return {};
    if (!path.starts_with('/')) refuse_base_path(text, "it begins with a slash");
    if (path.ends_with('/')) path.remove_suffix(1);
    if (path.empty()) return {};
    if (path.size() > longest_base_path) {
        refuse_base_path(text, "it takes " + std::to_string(longest_base_path) + " bytes at most");
    }
    for (std::string_view rest = path; !rest.empty();) {
        rest.remove_prefix(1);
        const std::string_view part = rest.substr(0, rest.find('/'));
        check_part(text, part);
        rest.remove_prefix(part.size());
    }
    return std::string(path);
}

std::string host_of_origin(std::string_view origin) {
    for (const auto& [scheme, port] : {std::pair<std::string_view, std::string_view>{"https://", "443"},
                                       std::pair<std::string_view, std::string_view>{"http://", "80"}}) {
        if (!origin.starts_with(scheme)) continue;
        const std::string_view host = origin.substr(scheme.size());
        check_host(origin, host, port);
        return std::string(host);
    }
    refuse_origin(origin, "it begins with https:// or http://");
}

std::string under_base_path(std::string_view html, std::string_view base_path) {
    constexpr std::string_view start = "=\"/";
    std::string text(html);
    for (auto at = text.find(start); at != std::string::npos;
         at = text.find(start, at + start.size() + base_path.size()))
        text.insert(at + start.size() - 1, base_path);
    return text;
}

}  // namespace approvekit::web
