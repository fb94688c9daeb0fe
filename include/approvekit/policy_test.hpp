#pragma once

#include "approvekit/error.hpp"
#include "approvekit/json.hpp"
#include "approvekit/policy.hpp"
#include "approvekit/policy_explanation.hpp"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace approvekit {

/// A failed test of a policy.
struct FailedPolicyTest {
    std::string place;  ///< "tests[3]"
    Action expected = Action::hold;
    std::optional<Action> expected_would_have;
    PolicyExplanation found;
};

/// The results of the tests in a policy file. A plain value.
struct PolicyTestRun {
    std::string file;
    std::vector<PolicyProblem> problems;  ///< why the policy does not apply; then no test was run
    std::size_t tests = 0;
    std::vector<FailedPolicyTest> failures;

    /// Whether there are tests and all of them passed.
    [[nodiscard]] bool passed() const noexcept { return problems.empty() && failures.empty() && tests > 0; }

    /// For people, with the explanation of each failure.
    [[nodiscard]] std::string text() const;
};

/// Judges each call under `tests:` in a policy file. Reports problems instead of throwing, including an unreadable
/// file. A test without a time is judged at the current time.
[[nodiscard]] PolicyTestRun test_policy(const std::filesystem::path& path);

/// For machines: {file, problems, tests, passed, failures: [{test, expected, would_have, found}]}.
[[nodiscard]] Json to_json_view(const PolicyTestRun& run);

}  // namespace approvekit
