#pragma once

#include "policy/document.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace approvekit::policy {

/// Takes a value for what it must be and for nothing else.
///
/// Each function returns nothing, and has reported why, when the value is another one.
class ValueReader {
public:
    explicit ValueReader(Problems& problems) : problems_(&problems) {}

    /// true or false, no word for it and no text.
    std::optional<bool> boolean(const Node& node, const std::string& path) const;

    /// Whole seconds, 1 to 604800, or as many as a text with a unit: 90s, 5m, 8h, 7d.
    std::optional<std::chrono::seconds> timeout(const Node& node, const std::string& path) const;

    /// A text that looks like what it is: not empty, no spaces around it, no other white space, nothing hidden.
    std::optional<std::string> name(const Node& node, const std::string& path, std::size_t most_bytes) const;

    /// Any text of up to `most_bytes` that is not empty and is UTF-8.
    std::optional<std::string> text(const Node& node, const std::string& path, std::size_t most_bytes) const;

    /// A number that JSON can hold.
    std::optional<Json> number(const Node& node, const std::string& path) const;

    /// A text, a number, true or false.
    std::optional<Json> scalar(const Node& node, const std::string& path) const;

    /// Any value that JSON can hold.
    std::optional<Json> json(const Node& node, const std::string& path) const;

    /// Any JSON object of up to 16 KiB.
    std::optional<Json> object(const Node& node, const std::string& path) const;

    /// Nullptr for what is not a list.
    const std::vector<Node>* list(const Node& node, const std::string& path, const std::string& of_what) const;

    /// Whether it is a mapping; reported when not.
    bool is_mapping(const Node& node, const std::string& path) const;

    void report(const Node& node, const std::string& path, std::string message) const;

private:
    void expected(const std::string& what, const Node& node, const std::string& path) const;
    std::optional<Json> json_array(const Node& node, const std::string& path) const;
    std::optional<Json> json_object(const Node& node, const std::string& path) const;

    Problems* problems_;
};

}  // namespace approvekit::policy
