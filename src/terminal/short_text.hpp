#pragma once

#include "approvekit/storage.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace approvekit::terminal {

/// "2 min 5 s", "3 d 4 h": the two largest units, rounded down. A negative duration counts as none.
[[nodiscard]] std::string duration_text(std::chrono::microseconds duration);

/// The shortest start of `id`, of at least 8 characters, that no other request's id in `storage` has; `id` itself
/// where none will do. Throws StorageError.
[[nodiscard]] std::string short_id(Storage& storage, std::string_view id);

}  // namespace approvekit::terminal
