#pragma once

#include <filesystem>
#include <stdexcept>

namespace approvekit::bench {

/// A counterpart that writes less than we do would make us look worse, and one that writes more would make us look
/// better.
inline void expect_same_size(const std::filesystem::path& ours, const std::filesystem::path& bare) {
    const auto size = [](const std::filesystem::path& path) {
        return static_cast<double>(std::filesystem::file_size(path));
    };
    const double ratio = size(ours) / size(bare);
    if (ratio < 0.95 || ratio > 1.05) throw std::logic_error("the bare counterpart does not write what we write");
}

}  // namespace approvekit::bench
