#pragma once

#include "approvekit/policy.hpp"
#include "policy/value_reader.hpp"

#include <optional>
#include <string>

namespace approvekit::policy {

/// Reads what a reviewer may grant at most along with an approval, and reports everything that is wrong with it.
class GrantsReader {
public:
    explicit GrantsReader(Problems& problems) : problems_(problems), values_(problems) {}

    /// The result counts only if nothing was reported.
    [[nodiscard]] std::optional<PolicyGrants> read(const Node& node, const std::string& path);

    /// Reports what a rule cannot say along with grants.
    void check(const PolicyRule& rule, const Node& node, const std::string& path);

private:
    void read_uses(const Node& value, const std::string& path);
    void read_for(const Node& value, const std::string& path);
    void read_bounds(const Node& value, const std::string& path);

    Problems& problems_;
    ValueReader values_;
    PolicyGrants grants_;
};

/// Returns them as a policy file and the metadata of a request have them.
[[nodiscard]] Json as_json(const PolicyGrants& grants);

/// The reverse. Returns nothing for JSON that no rule would have.
[[nodiscard]] std::optional<PolicyGrants> grants_from(const Json& json);

/// Returns for example ", whose reviewer may grant 20 more like it within 28800 s", or an empty text for a rule without
/// grants.
[[nodiscard]] std::string grants_text(const PolicyRule& rule);

}  // namespace approvekit::policy
