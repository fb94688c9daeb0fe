#pragma once

#include "approvekit/error.hpp"
#include "approvekit/policy.hpp"

#include <string>
#include <string_view>
#include <vector>

using Texts = std::vector<std::string>;

template <typename Read>
Texts problems_of(Read read) {
    Texts texts;
    try {
        read();
    } catch (const approvekit::PolicyError& error) {
        for (const approvekit::PolicyProblem& problem : error.problems())
            texts.push_back(problem.text());
    }
    return texts;
}

inline Texts yaml_problems(std::string_view text) {
    return problems_of([text] { return approvekit::Policy::from_yaml_text(text, "p.yaml"); });
}

inline Texts json_problems(std::string_view text) {
    return problems_of([text] { return approvekit::Policy::from_json_text(text, "p.json"); });
}

/// The problems of a rule for send_email that also has `line`.
inline Texts with_rule_line(const std::string& line) {
    return yaml_problems("rules:\n  - tool: send_email\n    " + line + "\n");
}

inline Texts with_rule_member(const std::string& member) {
    return json_problems(R"({"rules": [{"tool": "send_email", )" + member + "}]}");
}
