#pragma once

#include "approvekit/storage.hpp"

#include <string>
#include <string_view>

namespace approvekit::terminal {

/// The shortest start of `id`, of at least 8 characters, that no other request's id in `storage` has; `id` itself
/// where none will do. Throws StorageError.
[[nodiscard]] std::string short_id(Storage& storage, std::string_view id);

}  // namespace approvekit::terminal
