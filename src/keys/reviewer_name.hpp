#pragma once

#include <string>
#include <string_view>

namespace approvekit::keys {

/// Returns why no decision may carry this name, or an empty text if one may. The faults: it is empty, longer than 200
/// bytes, not UTF-8, "policy" in any case (the policy's own entries carry it), has blanks around it, or contains
/// characters that cannot be seen. Throws std::bad_alloc.
[[nodiscard]] std::string fault_of_reviewer_name(std::string_view name);

/// Throws Error (invalid_option) for such a name.
void check_reviewer_name(std::string_view name);

/// Returns the same text for all names of one person: names that differ only in case, or in how Unicode writes them,
/// give nobody a second vote. Throws std::bad_alloc.
[[nodiscard]] std::string person_of(std::string_view name);

}  // namespace approvekit::keys
