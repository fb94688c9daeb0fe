#include "policy/draft.hpp"

#include "policy/circle.hpp"
#include "policy/document.hpp"
#include "policy/limit.hpp"
#include "policy/limit_reader.hpp"
#include "policy/policy_text.hpp"
#include "policy/reviewer_reader.hpp"
#include "policy/rule_clashes.hpp"
#include "policy/rule_reader.hpp"
#include "policy/suspicions.hpp"
#include "policy/terms.hpp"
#include "policy/value_reader.hpp"
#include "policy/yaml_source.hpp"

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace approvekit::policy {
namespace {

constexpr std::size_t most_test_name_bytes = 256;

/// Reads the tests in a policy's own file.
class TestCaseReader {
public:
    explicit TestCaseReader(Problems& problems) : problems_(problems), values_(problems) {}

    /// The result counts only if nothing was reported.
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

/// Reads a whole policy and reports everything that is wrong with it.
class Reader {
public:
    explicit Reader(Problems& problems) : problems_(problems), values_(problems), rules_(problems) {}

    /// The result counts only if nothing was reported.
    [[nodiscard]] Terms read(const Node& document);

private:
    void read_default_timeout(const Node& value, const std::string& path);
    void read_unmatched(const Node& value, const std::string& path);
    void read_rules(const Node& value, const std::string& path);
    void read_rule(const Node& value, const std::string& path);
    void read_reviewers(const Node& value, const std::string& path);
    void read_groups(const Node& value, const std::string& path);
    void read_tests(const Node& value, const std::string& path);
    void report_clashes(const Node& rules);

    Problems& problems_;
    ValueReader values_;
    RuleReader rules_;
    Terms terms_;
};

Terms Reader::read(const Node& document) {
    static constexpr std::array<KnownKey<Reader>, 6> keys = {{
        {"default_timeout", &Reader::read_default_timeout},
        {"unmatched", &Reader::read_unmatched},
        {"rules", &Reader::read_rules},
        {"reviewers", &Reader::read_reviewers},
        {"groups", &Reader::read_groups},
        {"tests", &Reader::read_tests},
    }};
    if (!values_.is_mapping(document, {})) return terms_;

    read_mapping(document, {}, keys, *this, problems_);
    QuorumReader(problems_).report(find_circle_faults(terms_), document);
    LimitReader(problems_).report(find_limit_faults(terms_.rules), document);
    if (document.find("rules") == nullptr) {
        values_.report(document, {}, "has no rules; write an empty list (rules: []) if there are to be none");
    }
    return std::move(terms_);
}

void Reader::read_default_timeout(const Node& value, const std::string& path) {
    terms_.default_timeout = values_.timeout(value, path).value_or(terms_.default_timeout);
}

void Reader::read_unmatched(const Node& value, const std::string& path) {
    const auto unmatched = value.is_text() ? parse_unmatched(text_of(value)) : std::nullopt;
    if (!unmatched && !value.is(Node::Kind::refused)) {
        values_.report(value, path, "expected hold, allow or deny, found " + describe(value));
    }
    terms_.unmatched = unmatched.value_or(Unmatched::hold);
}

void Reader::read_rules(const Node& value, const std::string& path) {
    const auto* rules = values_.list(value, path, "rules");
    for (std::size_t index = 0; rules != nullptr && index < rules->size(); ++index) {
        read_rule((*rules)[index], child_path(path, index));
    }
    if (rules != nullptr) report_clashes(value);
}

void Reader::read_rule(const Node& value, const std::string& path) {
    ReadRule read = rules_.read(value, path, terms_.default_timeout);
    terms_.rules.push_back(std::move(read.rule));
    terms_.conditions.push_back(std::move(read.condition));
}

void Reader::report_clashes(const Node& rules) {
    for (Clash& clash : find_clashes(terms_.rules)) {
        const Node& rule = rules.items[clash.rule];
        const Node* const place = clash.member.empty() ? nullptr : rule.find("tool");
        values_.report(place != nullptr ? *place : rule, child_path("rules", clash.rule) + clash.member,
                       std::move(clash.message));
    }
}

void Reader::read_tests(const Node& value, const std::string& path) {
    terms_.tests = TestCaseReader(problems_).read(value, path);
}

void Reader::read_reviewers(const Node& value, const std::string& path) {
    terms_.reviewers = ReviewerReader(problems_).read(value, path);
}

void Reader::read_groups(const Node& value, const std::string& path) {
    terms_.groups = QuorumReader(problems_).groups(value, path);
}

PolicyProblem too_large(const std::string& name) {
    return {.file = name, .path = {}, .message = "is larger than a policy may be (1 MiB)"};
}

/// Returns nothing if `text` is not fit to be read at all.
std::optional<Node> parse(std::string_view text, Format format, Problems& problems) {
    if (const auto hidden = find_hidden_character(text)) {
        problems.add(hidden->offset, {}, "a policy must look like what it says, but here is " + hidden->what);
        return std::nullopt;
    }
    return format == Format::yaml ? read_yaml(text, problems) : read_json_document(text, problems);
}

bool is_nothing(const std::optional<Node>& document) {
    return !document || (document->is(Node::Kind::word) && text_of(*document).empty());
}

Draft draft_of(const std::optional<Node>& document, Problems problems, Problems warnings) {
    Draft draft;
    if (!is_nothing(document)) {
        draft.terms = Reader(problems).read(*document);
        if (problems.empty()) find_suspicions(draft.terms, *document, warnings);
    } else if (problems.empty()) {
        problems.add(0, {}, "there is nothing in it; a policy has at least rules");
    }
    draft.problems = problems.take();
    draft.warnings = warnings.take();
    return draft;
}

}  // namespace

Draft draft_from_file(const std::filesystem::path& path) {
    try {
        const PolicyFile file = load_policy_file(path);
        Draft draft = draft_from_text(file.text, file.format, path.string());
        if (draft.problems.empty() && file.others_may_write) {
            draft.warnings.push_back(
                {.file = path.string(), .path = {}, .message = "its mode lets others than its owner write to it"});
        }
        return draft;
    } catch (const PolicyError& error) {
        return {.terms = {}, .problems = error.problems(), .warnings = {}};
    }
}

Draft draft_from_text(std::string_view raw, Format format, const std::string& name) {
    if (raw.size() > most_policy_bytes) {
        return {.terms = {}, .problems = {too_large(name)}, .warnings = {}};
    }
    const std::string text = plain_lines(raw);
    Problems problems(name, text);
    const auto document = parse(text, format, problems);
    return draft_of(document, std::move(problems), Problems(name, text));
}

Draft draft_from_json(const Json& value) {
    Problems problems;
    const auto document = as_document(value, problems);
    return draft_of(document, std::move(problems), Problems());
}

Terms accepted(Draft draft) {
    if (!draft.problems.empty()) throw PolicyError(std::move(draft.problems));
    return std::move(draft.terms);
}

}  // namespace approvekit::policy
