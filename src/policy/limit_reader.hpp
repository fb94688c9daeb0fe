#pragma once

#include "policy/limit.hpp"
#include "policy/value_reader.hpp"

#include <optional>
#include <string>
#include <vector>

namespace approvekit::policy {

/// Reads the limit of a rule, and reports everything that is wrong with it.
class LimitReader {
public:
    explicit LimitReader(Problems& problems) : problems_(problems), values_(problems) {}

    /// The result counts only if nothing was reported.
    [[nodiscard]] std::optional<PolicyLimit> read(const Node& node, const std::string& path);

    /// Reports what a rule cannot say along with a limit.
    void check(const PolicyRule& rule, const Node& node, const std::string& path);

    /// Reports each fault at its place in `document`.
    void report(const std::vector<LimitFault>& faults, const Node& document);

private:
    void read_calls(const Node& value, const std::string& path);
    void read_sum(const Node& value, const std::string& path);
    void read_max(const Node& value, const std::string& path);
    void read_per(const Node& value, const std::string& path);
    void read_by(const Node& value, const std::string& path);
    void read_beyond(const Node& value, const std::string& path);
    [[nodiscard]] std::string subject(const Node& value, const std::string& path);
    void check_whole(const Node& node, const std::string& path);

    Problems& problems_;
    ValueReader values_;
    PolicyLimit limit_;
};

}  // namespace approvekit::policy
