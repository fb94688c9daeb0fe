#pragma once

#include <string_view>

// The version of these headers, for #if. `tools/release` changes these three lines;
// CMake and every --version read them.
#define APPROVEKIT_VERSION_MAJOR 0
#define APPROVEKIT_VERSION_MINOR 1
#define APPROVEKIT_VERSION_PATCH 0

namespace approvekit {

/// The version of the linked library as "MAJOR.MINOR.PATCH". It differs from the macros above only if the program was
/// compiled with the headers of one release and linked with the library of another.
[[nodiscard]] std::string_view version() noexcept;

}  // namespace approvekit
