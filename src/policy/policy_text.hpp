#pragma once

#include "policy/document.hpp"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace approvekit::policy {

/// The largest size of a policy, in bytes.
inline constexpr std::size_t most_policy_bytes = std::size_t{1} << 20;

/// Returns `raw` without a byte order mark and with lines that end in \n. Lines and columns stay the same.
[[nodiscard]] std::string plain_lines(std::string_view raw);

/// The first character that is invisible, moves others, or is not valid.
struct HiddenCharacter {
    std::size_t offset = 0;
    std::string what;  ///< "the invisible character \u200b"
};

/// Finds the first character that would make `text` look different from what it says. Tabs and line ends do not count.
[[nodiscard]] std::optional<HiddenCharacter> find_hidden_character(std::string_view text);

enum class Format { yaml, json };

/// A policy file as it is on disk. A plain value.
struct PolicyFile {
    std::string text;
    Format format = Format::yaml;
    bool others_may_write = false;  ///< whether others than its owner may write to it, by the file's mode
};

/// Reads a regular file of up to 1 MiB whose name ends in .yaml, .yml or .json. Throws PolicyError for any other file,
/// before its content is read.
[[nodiscard]] PolicyFile load_policy_file(const std::filesystem::path& path);

}  // namespace approvekit::policy
