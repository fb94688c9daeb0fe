#include "web/hosts.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>

namespace approvekit::web {
namespace {

bool has_port(std::string_view host) {
    const auto colon = host.rfind(':');
    return colon != std::string_view::npos && host.find(']', colon) == std::string_view::npos;
}

bool is_wildcard(std::string_view host) {
    return host == "0.0.0.0" || host == "::";
}

std::string with_brackets(std::string_view host) {
    return host.find(':') == std::string_view::npos ? std::string(host) : "[" + std::string(host) + "]";
}

}  // namespace

bool is_loopback(std::string_view host) {
    const std::string text(host);
    if (text == "localhost") return true;
    in_addr four{};
    if (::inet_pton(AF_INET, text.c_str(), &four) == 1) return (ntohl(four.s_addr) >> 24) == 127;
    in6_addr six{};
    return ::inet_pton(AF_INET6, text.c_str(), &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

Hosts::Hosts(std::string_view host, std::uint16_t port, const std::vector<std::string>& remote) {
    const std::string suffix = ":" + std::to_string(port);
    const auto add = [&](std::vector<std::string>& list, const std::string& name) {
        list.push_back(name + suffix);
        if (port == 80) list.push_back(name);
    };
    if (!is_wildcard(host)) add(own_, with_brackets(host));
    if (is_loopback(host) && host != "localhost") add(own_, "localhost");
    for (const std::string& name : remote) {
        if (!has_port(name)) remote_.push_back(name + suffix);
        remote_.push_back(name);
    }
}

bool Hosts::contains(std::string_view host) const {
    const auto is_it = [&](const std::string& known) { return known == host; };
    return std::any_of(own_.begin(), own_.end(), is_it) || std::any_of(remote_.begin(), remote_.end(), is_it);
}

bool Hosts::is_own_origin(std::string_view origin, std::string_view host) const {
    if (origin == "http://" + std::string(host)) return true;
    // Others come through whatever encrypts the way, which this server does not do itself.
    const bool is_remote = std::find(remote_.begin(), remote_.end(), host) != remote_.end();
    return is_remote && origin == "https://" + std::string(host);
}

}  // namespace approvekit::web
