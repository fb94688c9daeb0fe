#pragma once

#include <string>
#include <string_view>

namespace approvekit::policy {

/// What `name` looks like: folded, with the letters and digits that are drawn alike, in whatever alphabet, as one of
/// them. Knows those of Greek, Cyrillic, Armenian and Cherokee; a name that differs from another one and looks the same
/// to it may still be told apart in some fonts.
[[nodiscard]] std::string look_of(std::string_view name);

/// Whether one word of `name` has letters of several of those alphabets and the Latin one, which no language does.
[[nodiscard]] bool mixes_alphabets(std::string_view name);

}  // namespace approvekit::policy
