#include "parsed.hpp"
#include "property.hpp"

#include "approvekit/error.hpp"
#include "approvekit/policy.hpp"
#include "approvekit/policy_explanation.hpp"
#include "policy/file_path.hpp"
#include "policy/shell_words.hpp"
#include "policy/url.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace approvekit::fuzz {
namespace {

/// A policy with one rule for the tool t.
std::optional<Policy> policy_with(Json effect, const Json& when) {
    effect["tool"] = "t";
    effect["when"] = when;
    try {
        return Policy::from_json({{"rules", Json::array({std::move(effect)})}});
    } catch (const PolicyError& error) {
        require(!error.problems().empty(), "a refusal says why");
        return std::nullopt;
    }
}

Action action_on(const Policy& policy, const Json& arguments) {
    const CallFacts facts{.arguments = arguments, .context = arguments, .agent = "a", .environment = "e", .time = {}};
    const Ruling ruling = policy.evaluate("t", facts);
    require(policy.explain("t", facts).action == ruling.action, "an explanation tells what is done");
    return ruling.action;
}

std::string quoted_for_shell(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) {
        text += text.empty() ? "'" : " '";
        for (const char c : word)
            text += c == '\'' ? std::string("'\\''") : std::string(1, c);
        text += "'";
    }
    return text;
}

}  // namespace

/// A condition on the first line, arguments on the others, both JSON.
void condition(std::string_view bytes) {
    const std::size_t line = bytes.find('\n');
    const auto when = parsed(bytes.substr(0, line));
    const auto arguments = line == std::string_view::npos ? Json::object() : parsed(bytes.substr(line + 1));
    if (!when || !arguments) return;
    const auto allows = policy_with({{"auto_approve", true}}, *when);
    const auto allows_not = policy_with({{"auto_approve", true}}, Json{{"not", *when}});
    const auto denies = policy_with({{"deny", "no"}}, *when);
    require(allows.has_value() == denies.has_value(), "a condition is understood beside any effect");
    if (!allows || !allows_not || !denies) return;

    const bool is_true = action_on(*allows, *arguments) == Action::allow;
    const bool is_false = action_on(*allows_not, *arguments) == Action::allow;
    const bool is_denied = action_on(*denies, *arguments) == Action::deny;
    require(!(is_true && is_false), "nothing is true and false");
    require(is_denied == !is_false, "what is true or unknown is denied, what is false is not");
    require(allows->evaluate("t").action != Action::allow, "a name alone loosens nothing");
    require(Policy::from_json(allows->as_json()).digest() == allows->digest(), "a condition survives the way to JSON");
}

void command(std::string_view bytes) {
    const auto words = policy::split_command(bytes);
    if (!words) return;
    require(!words->empty() && !words->front().empty(), "a command has a program");
    require(policy::split_command(quoted_for_shell(*words)) == words || bytes.find('!') != std::string_view::npos,
            "quoted words are split into the same");
    if (bytes.find_first_of("'\"\\") != std::string_view::npos) return;
    require(bytes.find_first_of("|&;<>()$`*?{}~!\n") == std::string_view::npos, "nothing is left for a shell to do");
}

void path(std::string_view bytes) {
    const auto normal = policy::normal_path(bytes);
    if (!normal) return;
    require(policy::normal_path(*normal) == normal, "a normal path is its own");
    require(normal->starts_with('/') && (*normal + "/").find("/../") == std::string::npos, "no dots are left");
    const auto real = policy::resolved_path(std::string(bytes));
    if (real) require(policy::normal_path(*real) == real, "where a path leads is a normal path");
}

void url(std::string_view bytes) {
    if (const auto parsed = policy::parse_url(bytes)) {
        const std::string_view behind_scheme = bytes.substr(bytes.find("://") + 3);
        const std::string_view authority = behind_scheme.substr(0, behind_scheme.find_first_of("/?#"));
        require(authority.find('@') == std::string_view::npos, "no URL has a user");
        require(bytes.find_first_of(" \\\t\r\n") == std::string_view::npos, "no URL has blanks or backslashes");
        const auto again = policy::parse_url(parsed->scheme + "://" + parsed->host.text);
        require(again && again->host.text == parsed->host.text, "a host has one form");
    }
    if (const auto domain = policy::parse_email_domain(bytes)) {
        require(std::count(bytes.begin(), bytes.end(), '@') == 1, "an address has one @");
        require(policy::parse_email_domain("a@" + domain->text)->text == domain->text, "a domain has one form");
    }
}

}  // namespace approvekit::fuzz
