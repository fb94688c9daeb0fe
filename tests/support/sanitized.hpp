#pragma once

namespace approvekit::testing {

/// Whether this program was built with the address sanitizer, or with any. They make everything several times slower
/// and look for other errors than these tests do, so that a smaller sample is enough.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
inline constexpr bool has_address_sanitizer = true;
#else
inline constexpr bool has_address_sanitizer = false;
#endif
#if __has_feature(thread_sanitizer)
inline constexpr bool has_thread_sanitizer = true;
#else
inline constexpr bool has_thread_sanitizer = false;
#endif
#else
#ifdef __SANITIZE_ADDRESS__
inline constexpr bool has_address_sanitizer = true;
#else
inline constexpr bool has_address_sanitizer = false;
#endif
#ifdef __SANITIZE_THREAD__
inline constexpr bool has_thread_sanitizer = true;
#else
inline constexpr bool has_thread_sanitizer = false;
#endif
#endif
inline constexpr bool is_sanitized = has_address_sanitizer || has_thread_sanitizer;

}  // namespace approvekit::testing
