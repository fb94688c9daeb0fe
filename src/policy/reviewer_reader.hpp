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

    /// The result counts only if nothing was reported.
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

/// Reads who decides: the groups of a policy, and what a rule says about it. Reports everything that is wrong with
/// them.
class QuorumReader {
public:
    explicit QuorumReader(Problems& problems) : problems_(problems), values_(problems) {}

    /// The results of these count only if nothing was reported. Something that is not a name becomes an empty text, so
    /// that the others keep their places.
    [[nodiscard]] ReviewerGroups groups(const Node& value, const std::string& path);
    [[nodiscard]] std::vector<std::string> names(const Node& value, const std::string& path);
    [[nodiscard]] std::size_t approvals(const Node& value, const std::string& path);
    [[nodiscard]] std::optional<PolicyEscalation> escalation(const Node& value, const std::string& path);

    /// Reports what a rule cannot say at the same time.
    void check(const PolicyRule& rule, const Node& node, const std::string& path);

    /// Does the same for answers, which a single person gives.
    void check_answer(const PolicyRule& rule, const Node& node, const std::string& path);

    /// Reports each fault at its place in `document`.
    void report(const std::vector<CircleFault>& faults, const Node& document);

private:
    void read_after(const Node& value, const std::string& path);
    void read_to(const Node& value, const std::string& path);

    Problems& problems_;
    ValueReader values_;
    PolicyEscalation escalation_;
};

/// Reads which arguments may do what `may` says ("be edited", "differ"), and reports what is wrong with that. The
/// result counts only if nothing was reported.
[[nodiscard]] std::vector<std::string> read_argument_paths(const ValueReader& values, const Node& value,
                                                           const std::string& path, const std::string& may);

}  // namespace approvekit::policy
