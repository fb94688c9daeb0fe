#pragma once

#include <cstdlib>
#include <string>

namespace approvekit::testing {

/// Sanitizers make everything several times slower and look for other errors than these tests do, so a sample is enough
/// with them.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool is_sanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr bool is_sanitized = true;
#else
inline constexpr bool is_sanitized = false;
#endif
#else
inline constexpr bool is_sanitized = false;
#endif

/// The distance between the places where a fault is tried: `usual`, unless tests/reliability/run asks for another one.
inline int distance(int usual) {
    const char* const wanted = std::getenv("APPROVEKIT_FAULT_DISTANCE");
    return wanted == nullptr ? usual : std::stoi(wanted);
}

}  // namespace approvekit::testing
