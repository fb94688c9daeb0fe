#include "policy/test_case_reader.hpp"

#include "policy/mapping_reader.hpp"

#include <array>
#include <utility>

namespace approvekit::policy {
namespace {

constexpr std::size_t most_test_name_bytes = 256;

}  // namespace

std::vector<TestCase> TestCaseReader::read(const Node& list, const std::string& path) {
    const auto* const items = values_.list(list, path, "tests");
    for (std::size_t index = 0; items != nullptr && index < items->size(); ++index)
        read_one((*items)[index], child_path(path, index));
    return std::move(tests_);
}

void TestCaseReader::read_one(const Node& node, const std::string& path) {
    static constexpr std::array<KnownKey<TestCaseReader>, 8> keys = {{
        {"tool", &TestCaseReader::read_tool},
        {"args", &TestCaseReader::read_arguments},
        {"context", &TestCaseReader::read_context},
        {"agent", &TestCaseReader::read_agent},
        {"environment", &TestCaseReader::read_environment},
        {"at", &TestCaseReader::read_time},
        {"expect", &TestCaseReader::read_expected},
        {"would_have", &TestCaseReader::read_would_have},
    }};
    test_ = TestCase();
    test_.place = path;
    if (!values_.is_mapping(node, path)) return;
    read_mapping(node, path, keys, *this, problems_);
    if (node.find("tool") == nullptr) values_.report(node, path, "has no tool");
    if (node.find("expect") == nullptr) values_.report(node, path, "has no expect: allow, hold or deny");
    tests_.push_back(std::move(test_));
}

void TestCaseReader::read_tool(const Node& value, const std::string& path) {
    test_.tool = values_.name(value, path, most_test_name_bytes).value_or("");
}

void TestCaseReader::read_arguments(const Node& value, const std::string& path) {
    test_.arguments = values_.object(value, path).value_or(Json::object());
}

void TestCaseReader::read_context(const Node& value, const std::string& path) {
    test_.context = values_.object(value, path).value_or(Json::object());
}

void TestCaseReader::read_agent(const Node& value, const std::string& path) {
    test_.agent = values_.name(value, path, most_test_name_bytes).value_or("");
}

void TestCaseReader::read_environment(const Node& value, const std::string& path) {
    test_.environment = values_.name(value, path, most_test_name_bytes).value_or("");
}

void TestCaseReader::read_time(const Node& value, const std::string& path) {
    test_.time = value.is_text() ? parse_time(text_of(value)) : std::nullopt;
    if (!test_.time) {
        values_.report(value, path, "expected a time in UTC in quotes, such as \"2026-01-31T09:05:00\"");
    }
}

void TestCaseReader::read_expected(const Node& value, const std::string& path) {
    test_.expected = read_action(value, path).value_or(Action::hold);
}

void TestCaseReader::read_would_have(const Node& value, const std::string& path) {
    test_.would_have = read_action(value, path);
}

std::optional<Action> TestCaseReader::read_action(const Node& value, const std::string& path) {
    const auto action = value.is_text() ? parse_action(text_of(value)) : std::nullopt;
    if (!action) values_.report(value, path, "expected allow, hold or deny, found " + describe(value));
    return action;
}

}  // namespace approvekit::policy
