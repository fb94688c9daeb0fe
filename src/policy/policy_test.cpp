#include "approvekit/policy_test.hpp"

#include "approvekit/policy_check.hpp"
#include "policy/draft.hpp"
#include "policy/rule_book.hpp"

#include <utility>

namespace approvekit {
namespace {

PolicyExplanation explained(const policy::RuleBook& book, const policy::TestCase& test) {
    return book.explain(test.tool, CallFacts{.arguments = test.arguments,
                                             .context = test.context,
                                             .agent = test.agent,
                                             .environment = test.environment,
                                             .time = test.time ? *test.time : SystemClock().now()});
}

std::string expectation(Action action, const std::optional<Action>& would_have) {
    const std::string text(to_string(action));
    return would_have ? text + " (would have: " + std::string(to_string(*would_have)) + ")" : text;
}

Json action_or_null(const std::optional<Action>& action) {
    return action ? Json(to_string(*action)) : Json();
}

std::string failure_text(const FailedPolicyTest& failure) {
    return failure.place + ": expected " + expectation(failure.expected, failure.expected_would_have) + ", got " +
           expectation(failure.found.action, failure.found.would_have) + "\n" + failure.found.text();
}

}  // namespace

std::string PolicyTestRun::text() const {
    std::string text;
    for (const PolicyProblem& problem : problems)
        text += problem.text() + "\n";
    for (const FailedPolicyTest& failure : failures)
        text += failure_text(failure);
    if (!problems.empty()) return text;
    if (tests == 0) return file + ": has no tests\n";
    return text + std::to_string(tests - failures.size()) + " of " + std::to_string(tests) + " tests passed\n";
}

PolicyTestRun test_policy(const std::filesystem::path& path) {
    policy::Draft draft = policy::draft_from_file(path);
    PolicyTestRun run{.file = path.string(), .problems = std::move(draft.problems), .tests = 0, .failures = {}};
    if (!run.problems.empty()) return run;
    const policy::RuleBook book(draft.terms);
    for (const policy::TestCase& test : draft.terms.tests) {
        ++run.tests;
        PolicyExplanation found = explained(book, test);
        if (found.action == test.expected && found.would_have == test.would_have) continue;
        run.failures.push_back({test.place, test.expected, test.would_have, std::move(found)});
    }
    return run;
}

Json to_json_view(const PolicyTestRun& run) {
    Json failures = Json::array();
    for (const FailedPolicyTest& failure : run.failures) {
        failures.push_back({{"test", failure.place},
                            {"expected", to_string(failure.expected)},
                            {"would_have", action_or_null(failure.expected_would_have)},
                            {"found", to_json_view(failure.found)}});
    }
    return {{"file", run.file},
            {"problems", to_json_view(run.problems)},
            {"tests", run.tests},
            {"passed", run.passed()},
            {"failures", std::move(failures)}};
}

}  // namespace approvekit
