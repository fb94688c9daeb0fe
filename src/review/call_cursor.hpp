#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::review {

/// Where a reading of the calls goes on, so that nothing of what was read before has to be read again. A plain value.
struct CallCursor {
    /// So many entries that wait for their decision are named one by one.
    static constexpr std::size_t most_named = 32;

    std::optional<std::int64_t> below;  ///< calls that were decided before that entry are next; nothing: none is left
    std::int64_t head = 0;              ///< the newest entry when the reading began
    std::optional<std::int64_t> read_from;  ///< those from there down to `below` are read again, for what is not named
    std::vector<std::int64_t> named;        ///< entries that wait for their decision

    [[nodiscard]] std::string text() const;

    /// Throws Error (invalid_option) for what text() does not make.
    [[nodiscard]] static CallCursor parse(std::string_view text);
};

}  // namespace approvekit::review
