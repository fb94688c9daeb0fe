#include "policy/reader.hpp"

#include "policy/circle.hpp"
#include "policy/limit.hpp"
#include "policy/limit_reader.hpp"
#include "policy/mapping_reader.hpp"
#include "policy/quorum_reader.hpp"
#include "policy/reviewer_reader.hpp"
#include "policy/rule_clashes.hpp"
#include "policy/test_case_reader.hpp"

#include <array>
#include <utility>

namespace approvekit::policy {

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

}  // namespace approvekit::policy
