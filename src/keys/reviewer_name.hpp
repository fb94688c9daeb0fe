#pragma once

#include <string>
#include <string_view>

namespace approvekit::keys {

/// Why no decision may bear the name; empty: one may. It is empty, over 200 bytes, not UTF-8, "policy" in any case (the
/// policy's own entries bear it), has blanks around it, or characters that cannot be seen. Throws std::bad_alloc.
[[nodiscard]] std::string fault_of_reviewer_name(std::string_view name);

/// Throws Error (invalid_option) for such a name.
void check_reviewer_name(std::string_view name);

/// The same text for all names that are one person's: what differs only in case, or in how Unicode writes it, gives nobody
/// a second vote. Throws std::bad_alloc.
[[nodiscard]] std::string person_of(std::string_view name);

}  // namespace approvekit::keys
