#pragma once

#include "policy/rule_reader.hpp"
#include "policy/terms.hpp"
#include "policy/value_reader.hpp"

#include <string>

namespace approvekit::policy {

/// Reads a whole policy and reports everything that is wrong with it.
class Reader {
public:
    explicit Reader(Problems& problems) : problems_(problems), values_(problems), rules_(problems) {}

    /// What comes back counts only as long as nothing was reported.
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

}  // namespace approvekit::policy
