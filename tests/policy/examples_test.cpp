// Whatever people are shown as a policy must be a valid one.

#include "approvekit/policy_check.hpp"

#include "support/catch.hpp"
#include "support/temporary_directory.hpp"

#include "approvekit/policy.hpp"
#include "approvekit/policy_test.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

using namespace approvekit;
using namespace std::chrono_literals;

namespace {

const std::filesystem::path project = APPROVEKIT_PROJECT_DIRECTORY;

/// The fenced blocks of a Markdown file in one language.
std::vector<std::string> blocks_of(const std::filesystem::path& path, std::string_view language) {
    std::ifstream file(path);
    std::vector<std::string> blocks;
    bool inside = false;
    for (std::string line; std::getline(file, line);) {
        if (line == "```" + std::string(language)) {
            inside = true;
            blocks.emplace_back();
        } else if (line == "```") {
            inside = false;
        } else if (inside) {
            blocks.back() += line + "\n";
        }
    }
    return blocks;
}

}  // namespace

TEST_CASE("every policy in the reference is read without a problem") {
    const auto yaml = blocks_of(project / "docs" / "policy.md", "yaml");
    CHECK(yaml.size() >= 4);
    for (const std::string& block : yaml) {
        CAPTURE(block);
        CHECK_NOTHROW(Policy::from_yaml_text(block));
    }
    const auto json = blocks_of(project / "docs" / "policy.md", "json");
    CHECK(json.size() >= 1);
    for (const std::string& block : json)
        CHECK_NOTHROW(Policy::from_json_text(block));
}

TEST_CASE("every test in the reference's policies passes") {
    const PolicyTestRun example = test_policy(project / "docs" / "example-policy.yaml");
    INFO(example.text());
    CHECK(example.passed());
    CHECK(example.tests >= 30);

    std::size_t tests = 0;
    const TemporaryDirectory directory;
    for (const std::string& block : blocks_of(project / "docs" / "policy.md", "yaml")) {
        std::ofstream(directory / "p.yaml") << block;
        const PolicyTestRun run = test_policy(directory / "p.yaml");
        INFO(run.text());
        CHECK(run.failures.empty());
        tests += run.tests;
    }
    CHECK(tests >= 3);
}

TEST_CASE("a check of the worked example warns of nothing but how the file lies on this disk") {
    const PolicyCheck check = check_policy(project / "docs" / "example-policy.yaml");
    CHECK(check.usable());
    for (const PolicyProblem& warning : check.warnings) {
        INFO(warning.text());
        CHECK(warning.message.find("its mode lets others") != std::string::npos);
    }
}

TEST_CASE("the demo's policy is as the demo needs it, and nothing in it is suspicious") {
    const PolicyCheck check = check_policy(project / "demo" / "policy.yaml");
    CHECK(check.text().find("warning: " + (project / "demo").string() + "/policy.yaml:") == std::string::npos);

    const Policy policy = Policy::from_file(project / "demo" / "policy.yaml");
    const std::map<std::string, std::chrono::seconds> timeouts = {{"read_record", 45s},
                                                                  {"send_email", 45s},
                                                                  {"access_personal_data", 45s},
                                                                  {"delete_records", 30s},
                                                                  {"write_production_setting", 8s}};
    CHECK(policy.rules().size() == timeouts.size());
    for (const auto& [tool, timeout] : timeouts) {
        const Ruling ruling = policy.evaluate(tool);
        CHECK(ruling.rule->timeout == timeout);
        CHECK(ruling.action == (tool == "read_record" ? Action::allow : Action::hold));
    }
    CHECK(policy.evaluate("send_email").rule->redact_fields == std::vector<std::string>{"body"});
    CHECK(policy.evaluate("access_personal_data").rule->redact_fields == std::vector<std::string>{"email", "ssn"});
}
