#pragma once

#include "approvekit/request.hpp"

namespace approvekit::review {

/// The request as a reviewer is to see it: with the digest of what it shows, whatever the record says that digest
/// is, and also where the record has none because another program wrote it.
[[nodiscard]] ApprovalRequest as_shown(ApprovalRequest request);

}  // namespace approvekit::review
