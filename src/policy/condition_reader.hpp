#pragma once

#include "policy/condition.hpp"
#include "policy/test_reader.hpp"
#include "policy/value_reader.hpp"

#include <optional>
#include <string>
#include <vector>

namespace approvekit::policy {

/// Reads what is under `when`, and reports everything that is wrong with it.
class ConditionReader {
public:
    explicit ConditionReader(Problems& problems) : problems_(problems), values_(problems), tests_(problems) {}

    /// Returns nothing, after reporting it, if any part is not understood.
    [[nodiscard]] std::optional<Condition> read(const Node& node, const std::string& path);

private:
    [[nodiscard]] std::optional<Condition> read_part(const Entry& entry, const std::string& path);
    [[nodiscard]] std::optional<Condition> read_list(const Entry& entry, const std::string& path);
    [[nodiscard]] std::optional<Condition> read_subject(const Entry& entry, const std::string& path);
    [[nodiscard]] std::optional<Condition> read_time(const Node& node, const std::string& path);
    [[nodiscard]] bool read_hours(const Node& node, const std::string& path, WallClockHours& hours);
    [[nodiscard]] bool read_days(const Node& node, const std::string& path, WallClockHours& hours);

    Problems& problems_;
    ValueReader values_;
    TestReader tests_;
};

}  // namespace approvekit::policy
