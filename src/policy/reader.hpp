#pragma once

#include "policy/terms.hpp"
#include "policy/value_reader.hpp"

#include <string>
#include <unordered_map>

namespace approvekit::policy {

/// Reads a whole policy and reports everything that is wrong with it.
class Reader {
public:
    explicit Reader(Problems& problems) : problems_(problems), values_(problems) {}

    /// What comes back counts only as long as nothing was reported.
    [[nodiscard]] Terms read(const Node& document);

private:
    void read_default_timeout(const Node& value, const std::string& path);
    void read_unmatched(const Node& value, const std::string& path);
    void read_rules(const Node& value, const std::string& path);
    void read_rule(const Node& value, const std::string& path);
    void read_reviewers(const Node& value, const std::string& path);

    Problems& problems_;
    ValueReader values_;
    Terms terms_;
    std::unordered_map<std::string, std::string> path_of_tool_;  // composed: two forms of one text are one tool
};

}  // namespace approvekit::policy
