#pragma once

#include "approvekit/digest.hpp"

#include <string_view>

namespace approvekit::web {

/// Whether two digests are the same, in a time that tells nothing of where they differ.
[[nodiscard]] bool same_digest(const Digest& left, const Digest& right);

/// The same of two secrets, and nothing of how long they are.
[[nodiscard]] bool same_secret(std::string_view left, std::string_view right);

}  // namespace approvekit::web
