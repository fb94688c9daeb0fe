#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace approvekit::policy {

/// `path` without empty steps, "." and "..", by its text alone. Nothing for a path that is not absolute, that has a NUL,
/// or whose ".." lead out of the root.
[[nodiscard]] std::optional<std::string> normal_path(std::string_view path);

/// Where an absolute path leads now: all links of the part that exists are followed, the rest is as it is written.
/// Nothing where that cannot be told: a link to nowhere, a loop, a folder that may not be read, ".." in the rest.
[[nodiscard]] std::optional<std::string> resolved_path(const std::string& path);

}  // namespace approvekit::policy
