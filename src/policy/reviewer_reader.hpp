#pragma once

#include "policy/circle.hpp"
#include "policy/terms.hpp"
#include "policy/value_reader.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace approvekit::policy {

/// Reads the reviewers whose signatures a policy accepts.
class ReviewerReader {
public:
    explicit ReviewerReader(Problems& problems) : problems_(problems), values_(problems) {}

    /// What comes back counts only as long as nothing was reported.
    [[nodiscard]] std::vector<TrustedReviewer> read(const Node& list, const std::string& path);

private:
    void read_one(const Node& node, const std::string& path);
    void read_name(const Node& value, const std::string& path);
    void read_key(const Node& value, const std::string& path);
    void check_as_a_whole(const Node& node, const std::string& path);

    Problems& problems_;
    ValueReader values_;
    TrustedReviewer reviewer_;
    std::vector<TrustedReviewer> reviewers_;
};

/// Reads who decides: the groups of a policy, and what a rule says of it. Reports everything that is wrong with them.
class QuorumReader {
public:
    explicit QuorumReader(Problems& problems) : problems_(problems), values_(problems) {}

    /// What comes back of these counts only as long as nothing was reported. A name that is none is an empty text, so that
    /// the others keep their places.
    [[nodiscard]] ReviewerGroups groups(const Node& value, const std::string& path);
    [[nodiscard]] std::vector<std::string> names(const Node& value, const std::string& path);
    [[nodiscard]] std::size_t approvals(const Node& value, const std::string& path);
    [[nodiscard]] std::optional<PolicyEscalation> escalation(const Node& value, const std::string& path);

    /// What a rule cannot say side by side.
    void check(const PolicyRule& rule, const Node& node, const std::string& path);

    /// The same of answers, which are one person's.
    void check_answer(const PolicyRule& rule, const Node& node, const std::string& path);

    /// Reports each fault where `document` has it.
    void report(const std::vector<CircleFault>& faults, const Node& document);

private:
    void read_after(const Node& value, const std::string& path);
    void read_to(const Node& value, const std::string& path);

    Problems& problems_;
    ValueReader values_;
    PolicyEscalation escalation_;
};

/// Reads which arguments may be what `may` says ("be edited", "differ"), and reports what is wrong with that. What comes
/// back counts only as long as nothing was reported.
[[nodiscard]] std::vector<std::string> read_argument_paths(const ValueReader& values, const Node& value,
                                                           const std::string& path, const std::string& may);

}  // namespace approvekit::policy
