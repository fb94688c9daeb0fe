#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::review {

/// Where a reading of the calls goes on, so that it need not begin again. A plain value.
struct CallCursor {
    /// Up to this many entries that wait for their decision are named one by one.
    static constexpr std::size_t most_named = 32;

    /// Calls that were decided before this entry come next; nothing if none is left.
    std::optional<std::int64_t> below;
    std::int64_t head = 0;  ///< the newest entry when the reading began
    /// Entries from here down to `below` are read again, to find those that are not named.
    std::optional<std::int64_t> read_from;
    std::vector<std::int64_t> named;  ///< entries that wait for their decision

    [[nodiscard]] std::string text() const;

    /// Throws Error (invalid_option) for a text that text() does not make.
    [[nodiscard]] static CallCursor parse(std::string_view text);
};

}  // namespace approvekit::review
