#pragma once

#include "approvekit/error.hpp"
#include "approvekit/json.hpp"
#include "approvekit/policy.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace approvekit {

/// What happens to the calls that one rule covers, in words.
struct RuleEffect {
    std::string tool;  ///< "*" for every tool that no other rule names
    Action action = Action::hold;
    std::string text;  ///< "send_email: held for approval for 45 s, risk high, hides body"
};

/// Everything worth knowing about a policy file before you trust it. A plain value.
struct PolicyCheck {
    std::string file;
    /// Why the policy does not apply; when there are any, everything below is empty.
    std::vector<PolicyProblem> problems;
    std::vector<PolicyProblem> warnings;  ///< what is valid but may not be intended
    std::vector<RuleEffect> effects;      ///< in the order of the file, the one for "*" last
    std::string signing;                  ///< whose signature a decision needs, in words

    [[nodiscard]] bool usable() const noexcept { return problems.empty(); }

    /// For people: problems or effects, then warnings, one per line. Hostile names are escaped.
    [[nodiscard]] std::string text() const;
};

/// Reads a policy like Policy::from_file, but reports problems instead of throwing, including an unreadable file.
[[nodiscard]] PolicyCheck check_policy(const std::filesystem::path& path);

/// For machines: a list of {file, line, column, path, message}.
[[nodiscard]] Json to_json_view(const std::vector<PolicyProblem>& problems);

/// For machines: {file, usable, problems, warnings, rules: [{tool, action, text}], signing}.
[[nodiscard]] Json to_json_view(const PolicyCheck& check);

}  // namespace approvekit
