#pragma once

#include "approvekit/request.hpp"

namespace approvekit::review {

/// Returns the request as a reviewer should see it: with the digest of what it shows. Does not rely on the record for
/// that digest, which may have a wrong one, or none if another program wrote the request.
[[nodiscard]] ApprovalRequest as_shown(ApprovalRequest request);

}  // namespace approvekit::review
