#pragma once

#include "policy/terms.hpp"
#include "policy/value_reader.hpp"

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

}  // namespace approvekit::policy
