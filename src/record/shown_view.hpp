#pragma once

#include "approvekit/request.hpp"

#include <string_view>

namespace approvekit {

/// Whether `digest` is that of what the request shows. What has no canonical form was never shown by us.
[[nodiscard]] bool shows(const ApprovalRequest& request, std::string_view digest);

}  // namespace approvekit
