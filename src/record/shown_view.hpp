#pragma once

#include "approvekit/request.hpp"

#include <string>
#include <string_view>

namespace approvekit::record {

/// Digest of what the request shows, whatever the record says that digest is. What another program wrote need not have
/// a canonical form: its text counts then as it stands. Empty where a request of ours has none.
[[nodiscard]] std::string shown_digest(const ApprovalRequest& request);

/// Whether `digest` is that of what the request shows. What has no canonical form was never shown by us.
[[nodiscard]] bool shows(const ApprovalRequest& request, std::string_view digest);

}  // namespace approvekit::record
