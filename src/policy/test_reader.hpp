#pragma once

#include "policy/value_reader.hpp"
#include "policy/value_test.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::policy {

/// A test, and its text: `lte 100`.
struct NamedTest {
    ValueTestPtr test;
    std::string text;
};

/// Reads the tests of one value, `{gte: 0, lte: 100}`, and reports everything that is wrong with them. One reader
/// serves a whole policy, which may have a hundred regular expressions.
class TestReader {
public:
    explicit TestReader(Problems& problems) : problems_(problems), values_(problems) {}

    /// All of the tests must hold. Returns none, after reporting it, if one is not understood.
    [[nodiscard]] std::vector<NamedTest> read(const Node& node, const std::string& path);

private:
    struct Known;
    using Reading = ValueTestPtr (TestReader::*)(const Node& value, const std::string& path);

    [[nodiscard]] static const Known* find(std::string_view name);
    [[nodiscard]] ValueTestPtr read_one(const Entry& entry, const std::string& path);
    [[nodiscard]] std::vector<ValueTestPtr> read_inner(const Node& value, const std::string& path);
    void report_line_ends(const Node& value, const std::string& path);
    [[nodiscard]] std::optional<bool> read_nfc(const Node& node, const std::string& path);

    ValueTestPtr read_equals(const Node& value, const std::string& path);
    ValueTestPtr read_in(const Node& value, const std::string& path);
    ValueTestPtr read_not_equals(const Node& value, const std::string& path);
    ValueTestPtr read_not_in(const Node& value, const std::string& path);
    ValueTestPtr read_lt(const Node& value, const std::string& path);
    ValueTestPtr read_lte(const Node& value, const std::string& path);
    ValueTestPtr read_gt(const Node& value, const std::string& path);
    ValueTestPtr read_gte(const Node& value, const std::string& path);
    ValueTestPtr read_between(const Node& value, const std::string& path);
    ValueTestPtr read_contains(const Node& value, const std::string& path);
    ValueTestPtr read_exists(const Node& value, const std::string& path);
    ValueTestPtr read_length(const Node& value, const std::string& path);
    ValueTestPtr read_matches(const Node& value, const std::string& path);
    ValueTestPtr read_regex(const Node& value, const std::string& path);
    ValueTestPtr read_regex_anywhere(const Node& value, const std::string& path);
    ValueTestPtr read_path(const Node& value, const std::string& path);
    ValueTestPtr read_url(const Node& value, const std::string& path);
    ValueTestPtr read_email(const Node& value, const std::string& path);
    ValueTestPtr read_command(const Node& value, const std::string& path);
    ValueTestPtr read_every(const Node& value, const std::string& path);
    ValueTestPtr read_some(const Node& value, const std::string& path);

    [[nodiscard]] ValueTestPtr read_bound(const Node& value, const std::string& path, bool is_low, bool open);
    [[nodiscard]] ValueTestPtr read_expression(const Node& value, const std::string& path, bool whole);
    [[nodiscard]] std::optional<HostPatterns> read_hosts(const Node& value, const std::string& path);
    [[nodiscard]] std::optional<std::vector<int>> read_ports(const Node& value, const std::string& path);
    [[nodiscard]] std::optional<std::vector<std::string>> read_texts(const Node& value, const std::string& path,
                                                                     const std::string& of_what);

    Problems& problems_;
    ValueReader values_;
    bool nfc_ = false;  // of the mapping that is being read
    std::size_t expressions_ = 0;
};

}  // namespace approvekit::policy
