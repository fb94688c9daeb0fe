#pragma once

#include "approvekit/request.hpp"

namespace approvekit {

/// The request as a reviewer is to see it: with the digest of what it shows, whatever the record says that digest
/// is. Empty where what it shows has no canonical form, and for requests of other packages, which have none.
[[nodiscard]] ApprovalRequest as_shown(ApprovalRequest request);

}  // namespace approvekit
