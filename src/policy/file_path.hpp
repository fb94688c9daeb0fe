#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace approvekit::policy {

/// Returns `path` without empty steps, "." and "..", by its text alone. Returns nothing if the path is not absolute,
/// contains a NUL, or has ".." that lead out of the root.
[[nodiscard]] std::optional<std::string> normal_path(std::string_view path);

/// Returns where an absolute path leads now: all links in the part that exists are followed, and the rest stays as
/// written. Returns nothing if that cannot be determined: a link to nowhere, a loop, a folder that may not be read,
/// ".." in the rest.
[[nodiscard]] std::optional<std::string> resolved_path(const std::string& path);

}  // namespace approvekit::policy
