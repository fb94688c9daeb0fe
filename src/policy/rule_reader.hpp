#pragma once

#include "policy/condition_reader.hpp"
#include "policy/grants_reader.hpp"
#include "policy/limit_reader.hpp"
#include "policy/reviewer_reader.hpp"
#include "policy/terms.hpp"
#include "policy/value_reader.hpp"

#include <chrono>
#include <string>

namespace approvekit::policy {

/// A rule and its condition, which is null if it has none.
struct ReadRule {
    PolicyRule rule;
    ConditionPtr condition;
};

/// Reads rules one after the other, and reports everything that is wrong with them.
class RuleReader {
public:
    explicit RuleReader(Problems& problems)
        : problems_(problems),
          values_(problems),
          conditions_(problems),
          limits_(problems),
          quorums_(problems),
          grants_(problems) {}

    /// The result is a rule only if nothing was reported.
    [[nodiscard]] ReadRule read(const Node& node, const std::string& path, std::chrono::seconds default_timeout);

private:
    void read_tool(const Node& value, const std::string& path);
    void read_require_approval(const Node& value, const std::string& path);
    void read_auto_approve(const Node& value, const std::string& path);
    void read_timeout(const Node& value, const std::string& path);
    void read_start_within(const Node& value, const std::string& path);
    void read_risk_level(const Node& value, const std::string& path);
    void read_redact_fields(const Node& value, const std::string& path);
    void read_redact_field(const Node& value, const std::string& path);
    void read_when(const Node& value, const std::string& path);
    void read_deny(const Node& value, const std::string& path);
    void read_observe(const Node& value, const std::string& path);
    void read_run_timeout(const Node& value, const std::string& path);
    void read_limit(const Node& value, const std::string& path);
    void read_reviewers(const Node& value, const std::string& path);
    void read_approvals(const Node& value, const std::string& path);
    void read_not_requester(const Node& value, const std::string& path);
    void read_escalate(const Node& value, const std::string& path);
    void read_allow_edit(const Node& value, const std::string& path);
    void read_grants(const Node& value, const std::string& path);
    void read_allow_answer(const Node& value, const std::string& path);
    void read_metadata(const Node& value, const std::string& path);
    void check_as_a_whole(const Node& node, const std::string& path);

    Problems& problems_;
    ValueReader values_;
    ConditionReader conditions_;
    LimitReader limits_;
    QuorumReader quorums_;
    GrantsReader grants_;
    PolicyRule rule_;
    ConditionPtr condition_;
};

}  // namespace approvekit::policy
