#pragma once

#include "approvekit/limit_use.hpp"
#include "approvekit/stop.hpp"

#include <exception>
#include <string>

namespace approvekit::record {

inline constexpr const char* beyond_limit_note = "beyond a limit of the policy: ";

/// How a start is refused; `request_id` is empty for a call that the policy or a grant allows.
[[nodiscard]] std::exception_ptr refusal_by(const Stop& stop, const std::string& tool_name,
                                            const std::string& request_id);
[[nodiscard]] std::exception_ptr beyond_limit(const LimitUse& use, const std::string& tool_name,
                                              const std::string& request_id);

}  // namespace approvekit::record
