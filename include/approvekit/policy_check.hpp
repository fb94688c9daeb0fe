#pragma once

#include "approvekit/error.hpp"
#include "approvekit/json.hpp"
#include "approvekit/policy.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace approvekit {

/// What becomes of the calls that one rule covers, in words.
struct RuleEffect {
    std::string tool;  ///< "*" for every tool that no exact rule names
    Action action = Action::hold;
    std::string text;  ///< "send_email: held for approval for 45 s, risk high, hides body"
};

/// All that is to be said of a policy file before it is trusted. A plain value.
struct PolicyCheck {
    std::string file;
    std::vector<PolicyProblem> problems;  ///< why the policy does not apply; nothing below is filled when there are any
    std::vector<PolicyProblem> warnings;  ///< what is legal and yet may not be meant
    std::vector<RuleEffect> effects;      ///< in the order of the file, the one for "*" last
    std::string signing;                  ///< whose signature a decision needs, in words

    [[nodiscard]] bool usable() const noexcept { return problems.empty(); }

    /// For people: problems or effects, then warnings, a line each. Hostile names in it are escaped.
    [[nodiscard]] std::string text() const;
};

/// Reads a policy as Policy::from_file does, but reports instead of throwing, an unreadable file too.
[[nodiscard]] PolicyCheck check_policy(const std::filesystem::path& path);

/// For machines: a list of {file, line, column, path, message}.
[[nodiscard]] Json to_json_view(const std::vector<PolicyProblem>& problems);

/// For machines: {file, usable, problems, warnings, rules: [{tool, action, text}], signing}.
[[nodiscard]] Json to_json_view(const PolicyCheck& check);

}  // namespace approvekit
