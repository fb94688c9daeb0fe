#pragma once

#include <filesystem>
#include <string>

namespace approvekit::policy {

enum class Format { yaml, json };

/// A policy file as it stands on the disk. A plain value.
struct PolicyFile {
    std::string text;
    Format format = Format::yaml;
    bool others_may_write = false;  ///< somebody beside its owner, by the file's mode
};

/// Reads a regular file of up to 1 MiB whose name ends in .yaml, .yml or .json.
/// Throws PolicyError for any other, before its content is read.
[[nodiscard]] PolicyFile load_policy_file(const std::filesystem::path& path);

}  // namespace approvekit::policy
