#pragma once

#include "policy/document.hpp"
#include "policy/value_reader.hpp"

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace approvekit::policy {

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
