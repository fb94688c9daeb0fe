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

/// Reads a value as what it must be, and as nothing else.
///
/// Each function returns nothing, after reporting why, if the value is something else.
class ValueReader {
public:
    explicit ValueReader(Problems& problems) : problems_(&problems) {}

    /// The boolean true or false; not a word for it, and not a text.
    std::optional<bool> boolean(const Node& node, const std::string& path) const;

    /// Whole seconds, 1 to 604800, as a number or as a text with a unit: 90s, 5m, 8h, 7d.
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

    /// Returns nullptr if it is not a list.
    const std::vector<Node>* list(const Node& node, const std::string& path, const std::string& of_what) const;

    /// Whether it is a mapping. If not, reports it.
    bool is_mapping(const Node& node, const std::string& path) const;

    void report(const Node& node, const std::string& path, std::string message) const;

private:
    void expected(const std::string& what, const Node& node, const std::string& path) const;
    std::optional<Json> json_array(const Node& node, const std::string& path) const;
    std::optional<Json> json_object(const Node& node, const std::string& path) const;

    Problems* problems_;
};

/// Returns how many letters must be inserted, left out, changed or swapped with their neighbour to turn one text into
/// the other. Case, underscores, hyphens and spaces do not count.
[[nodiscard]] std::size_t edit_distance(std::string_view left, std::string_view right);

/// Returns the one of `known` that is nearest to `text`, or that `text` is the beginning of. `known` must not be empty.
[[nodiscard]] std::string_view nearest(std::string_view text, std::span<const std::string_view> known);

/// Reports each key of `mapping` that is not one of `known`, together with the nearest key that is. Adds `hint`, which
/// may be empty, if that key is unlikely to be meant.
void report_unknown_keys(const Node& mapping, const std::string& path, std::span<const std::string_view> known,
                         std::string_view hint, Problems& problems);

/// A key that a mapping may have, and the member of `Reader` that reads its value.
template <typename Reader>
struct KnownKey {
    std::string_view name;
    void (Reader::*read)(const Node& value, const std::string& path);
};

/// Lets `reader` read the values of the known keys of `mapping`, in the order of `known`. Reports the other keys, with
/// `hint` if they are unlikely to be misspelt.
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
