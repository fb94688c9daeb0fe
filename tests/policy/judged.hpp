#pragma once

#include "approvekit/policy.hpp"
#include "policy/draft.hpp"

#include <string>

namespace approvekit::testing {

/// A moment on a Saturday, 09:05 in UTC and 10:05 in Berlin.
inline Time saturday_morning() {
    return *parse_time("2026-01-31T09:05:00");
}

/// The ruling of `policy` on a call by the agent "mailer" in "production", on that Saturday.
inline Ruling ruling_on(const Policy& policy, const std::string& tool, const Json& arguments,
                        const Json& context = Json::object()) {
    return policy.evaluate(tool, CallFacts{.arguments = arguments,
                                           .context = context,
                                           .agent = "mailer",
                                           .environment = "production",
                                           .time = saturday_morning()});
}

/// The result of a condition, written as YAML on one line: a rule that allows shows whether it is true, and one that
/// denies whether it is true or unknown.
inline std::string truth_of_condition(const std::string& when, const Json& arguments,
                                      const Json& context = Json::object()) {
    const Policy allows = Policy::from_yaml_text("rules: [{tool: t, auto_approve: true, when: " + when + "}]\n");
    const Policy denies = Policy::from_yaml_text("rules: [{tool: t, deny: no way, when: " + when + "}]\n");
    const bool is_true = ruling_on(allows, "t", arguments, context).action == Action::allow;
    const bool is_denied = ruling_on(denies, "t", arguments, context).action == Action::deny;
    if (is_true) return is_denied ? "true" : "true, and yet it does not deny";
    return is_denied ? "unknown" : "false";
}

/// The same for one argument, `value`, and its tests: `{equals: 1}`.
inline std::string truth_of_test(const std::string& tests, const Json& value) {
    return truth_of_condition("{args.value: " + tests + "}", Json{{"value", value}});
}

/// The warnings of a check of the policy `text`, one per line.
inline std::string warnings_of(const std::string& text) {
    std::string warnings;
    for (const PolicyProblem& problem : policy::draft_from_text(text, policy::Format::yaml, "p").warnings)
        warnings += problem.message + "\n";
    return warnings;
}

/// The same for a rule that allows under `when`.
inline std::string warnings_of_condition(const std::string& when) {
    return warnings_of("rules: [{tool: t, auto_approve: true, when: " + when + "}]");
}

}  // namespace approvekit::testing
