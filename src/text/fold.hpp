#pragma once

#include <string>
#include <string_view>

namespace approvekit::text {

/// `text` as names compare by it: what differs only in case, in how letters are composed (NFC or NFD), in width or in
/// characters that are not drawn becomes one (Unicode's NFKC_Casefold, the same in every locale).
///
/// A text that is not UTF-8 folds its ASCII letters only. Throws std::bad_alloc.
[[nodiscard]] std::string folded(std::string_view text);

/// `text` with its letters composed as Unicode prefers (NFC): equal for texts that are the same to Unicode.
/// A text that is not UTF-8 comes back as it is. Throws std::bad_alloc.
[[nodiscard]] std::string composed(std::string_view text);

}  // namespace approvekit::text
