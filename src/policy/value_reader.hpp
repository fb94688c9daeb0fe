#pragma once

#include "policy/document.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
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

/// How many letters must be put in, left out, changed or swapped with their neighbour to make one of the other.
/// Case, underscores, hyphens and spaces do not count.
[[nodiscard]] std::size_t edit_distance(std::string_view left, std::string_view right);

/// The one of `known`, which is not empty, that is nearest to `text` or that `text` is the beginning of.
[[nodiscard]] std::string_view nearest(std::string_view text, std::span<const std::string_view> known);

/// Reports each key of `mapping` that is not one of `known`, with the nearest that is; with `hint`, which may be
/// empty, where that one is not likely to be meant.
void report_unknown_keys(const Node& mapping, const std::string& path, std::span<const std::string_view> known,
                         std::string_view hint, Problems& problems);

/// A key that a mapping may have, and the member of `Reader` that reads its value.
template <typename Reader>
struct KnownKey {
    std::string_view name;
    void (Reader::*read)(const Node& value, const std::string& path);
};

/// Lets `reader` read the values of `mapping`'s known keys, in the order of `known`, and reports the others,
/// with `hint` where they are not likely to be misspelt.
template <typename Reader, std::size_t Count>
void read_mapping(const Node& mapping, const std::string& path, const std::array<KnownKey<Reader>, Count>& known,
                  Reader& reader, Problems& problems, std::string_view hint = {}) {
    std::array<std::string_view, Count> names;
    for (std::size_t i = 0; i < Count; ++i) {
        names[i] = known[i].name;
        if (const Node* value = mapping.find(names[i])) (reader.*known[i].read)(*value, child_path(path, names[i]));
    }
    report_unknown_keys(mapping, path, names, hint, problems);
}

}  // namespace approvekit::policy
