#pragma once

#include <string>
#include <string_view>

namespace approvekit::keys {

/// Throws Error (invalid_option) for a name that no decision may bear: empty, over 200 bytes, not UTF-8, "policy" in any
/// case (the policy's own entries bear it), with blanks around it, or with characters that cannot be seen.
void check_reviewer_name(std::string_view name);

/// The same text for all names that are one person's: what differs only in case, or in how Unicode writes it, gives nobody
/// a second vote. Throws std::bad_alloc.
[[nodiscard]] std::string person_of(std::string_view name);

}  // namespace approvekit::keys
