#pragma once

#include <string>
#include <string_view>

namespace approvekit::text {

/// Returns the form of `text` in which names are compared. Texts become equal if they differ only in case, in how
/// letters are composed (NFC or NFD), in width, or in characters that are not drawn (Unicode's NFKC_Casefold, the same
/// in every locale).
///
/// In a text that is not UTF-8, or that has more than 30 marks in a row, only ASCII letters are folded. Throws
/// std::bad_alloc.
[[nodiscard]] std::string folded(std::string_view text);

/// Whether folded() and composed() can compute Unicode's form of `text`. It is UTF-8, and has no more than 30 marks in a
/// row.
[[nodiscard]] bool has_normal_form(std::string_view text) noexcept;

/// Returns `text` with its letters composed as Unicode prefers (NFC). Texts that Unicode considers the same become
/// equal. Returns a text that is not UTF-8, or that has more than 30 marks in a row, unchanged. Throws std::bad_alloc.
[[nodiscard]] std::string composed(std::string_view text);

}  // namespace approvekit::text
