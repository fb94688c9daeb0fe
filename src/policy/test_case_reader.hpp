#pragma once

#include "policy/terms.hpp"
#include "policy/value_reader.hpp"

#include <string>
#include <vector>

namespace approvekit::policy {

/// Reads the tests that stand in a policy's own file.
class TestCaseReader {
public:
    explicit TestCaseReader(Problems& problems) : problems_(problems), values_(problems) {}

    /// What comes back counts only as long as nothing was reported.
    [[nodiscard]] std::vector<TestCase> read(const Node& list, const std::string& path);

private:
    void read_one(const Node& node, const std::string& path);
    void read_tool(const Node& value, const std::string& path);
    void read_arguments(const Node& value, const std::string& path);
    void read_context(const Node& value, const std::string& path);
    void read_agent(const Node& value, const std::string& path);
    void read_environment(const Node& value, const std::string& path);
    void read_time(const Node& value, const std::string& path);
    void read_expected(const Node& value, const std::string& path);
    void read_would_have(const Node& value, const std::string& path);
    [[nodiscard]] std::optional<Action> read_action(const Node& value, const std::string& path);

    Problems& problems_;
    ValueReader values_;
    TestCase test_;
    std::vector<TestCase> tests_;
};

}  // namespace approvekit::policy
