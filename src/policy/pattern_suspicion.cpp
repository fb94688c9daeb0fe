#include "policy/pattern_suspicion.hpp"

#include <algorithm>
#include <array>

namespace approvekit::policy {
namespace {

using Texts = std::array<std::string_view, 5>;

bool has_any(std::string_view text, const Texts& parts) {
    return std::any_of(parts.begin(), parts.end(),
                       [text](std::string_view part) { return text.find(part) != std::string_view::npos; });
}

/// Whether a star stands where the host of an address does, so that the text before it may be a user name, or more may
/// follow the host.
bool has_star_in_host(std::string_view pattern) {
    const std::size_t scheme_ends = pattern.find("://");
    if (scheme_ends == std::string_view::npos) return false;
    const std::string_view rest = pattern.substr(scheme_ends + 3);
    return rest.substr(0, rest.find('/')).find('*') != std::string_view::npos;
}

bool names_a_command(std::string_view subject) {
    constexpr Texts names{"command", "cmd", "shell", "script", "bash"};
    return has_any(subject.substr(subject.rfind('.') + 1), names);
}

/// Returns who else passes a pattern with stars.
std::string passers_of_stars(std::string_view subject, std::string_view pattern) {
    if (pattern.find_first_not_of('*') == std::string_view::npos) return "every text passes, an empty one too";
    if (pattern.find('*') == std::string_view::npos) return {};
    if (pattern.starts_with('/')) return "a path with .. in it passes and leads elsewhere; path: {under: [...]} tells";
    if (has_star_in_host(pattern)) return "addresses of other hosts pass; url: {host_in: [...]} tells";
    if (pattern.starts_with("*@")) return "a list of addresses passes; email: {domain_in: [...]} tells";
    return names_a_command(subject) ? "whatever a shell runs behind it passes; command: {no_shell_syntax: true} tells"
                                    : std::string();
}

}  // namespace

std::string pattern_suspicion(std::string_view test, std::string_view subject, std::string_view pattern,
                              bool lets_run) {
    if (test != "matches") {
        constexpr Texts of_line_breaks{"\\s", "\\W", "\\D", "[^", "[[:space:]]"};
        const bool is_loose = lets_run && has_any(pattern, of_line_breaks);
        return is_loose ? "\\s, \\W, \\D and [^...] match line breaks too; a blank or a list of characters does not"
                        : std::string();
    }
    const std::string passers = lets_run ? passers_of_stars(subject, pattern) : std::string();
    const bool is_address = pattern.find("://") != std::string_view::npos;
    if (!passers.empty() || is_address || pattern.find_first_of("?[") == std::string_view::npos) return passers;
    return "? and [ stand for themselves in matches; regex knows classes of characters";
}

}  // namespace approvekit::policy
