#pragma once

#include "approvekit/storage.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace approvekit::terminal {

/// Returns the two largest units, rounded down: "2 min 5 s", "3 d 4 h". A negative duration counts as zero.
[[nodiscard]] std::string duration_text(std::chrono::microseconds duration);

/// Returns the shortest start of `id`, of at least 8 characters, that no other request's id in `storage` has. Returns
/// `id` itself if there is none. Throws StorageError.
[[nodiscard]] std::string short_id(Storage& storage, std::string_view id);

}  // namespace approvekit::terminal
