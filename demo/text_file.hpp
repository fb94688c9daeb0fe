#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

namespace approvekit::demo {

/// Read and write small files as a whole. Both throw std::runtime_error, which names the file.
[[nodiscard]] std::string read_text(const std::filesystem::path& file);
void write_text(const std::filesystem::path& file, std::string_view text);

}  // namespace approvekit::demo
