#pragma once

#include "approvekit/policy.hpp"
#include "policy/value_reader.hpp"

#include <optional>
#include <string>

namespace approvekit::policy {

/// Reads what a reviewer may grant at most beside an approval, and reports everything that is wrong with it.
class GrantsReader {
public:
    explicit GrantsReader(Problems& problems) : problems_(problems), values_(problems) {}

    /// What comes back counts only as long as nothing was reported.
    [[nodiscard]] std::optional<PolicyGrants> read(const Node& node, const std::string& path);

    /// What a rule cannot say beside it.
    void check(const PolicyRule& rule, const Node& node, const std::string& path);

private:
    void read_uses(const Node& value, const std::string& path);
    void read_for(const Node& value, const std::string& path);
    void read_bounds(const Node& value, const std::string& path);

    Problems& problems_;
    ValueReader values_;
    PolicyGrants grants_;
};

/// As a policy file has it, and the metadata of a request.
[[nodiscard]] Json as_json(const PolicyGrants& grants);

/// The reverse; nothing for what is not as a rule says it.
[[nodiscard]] std::optional<PolicyGrants> grants_from(const Json& json);

/// Of a rule without any nothing; else as ", whose reviewer may grant 20 more like it within 28800 s".
[[nodiscard]] std::string grants_text(const PolicyRule& rule);

}  // namespace approvekit::policy
