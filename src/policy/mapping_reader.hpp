#pragma once

#include "policy/known_keys.hpp"
#include "policy/value_reader.hpp"

#include <array>
#include <string>
#include <string_view>

namespace approvekit::policy {

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
