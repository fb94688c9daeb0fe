#pragma once

#include "approvekit/call.hpp"
#include "approvekit/json.hpp"

#include <string>

namespace approvekit::detail {

/// Where the quorum in `metadata` leaves out whoever the call is made for, puts their name there; `call` may be null.
///
/// Throws ArgumentsRefusedError, with what to do, when the call does not say who that is, when the policy hides the name,
/// and when too few others are left to approve.
void name_requester(Json& metadata, const std::string& tool_name, const Call* call);

}  // namespace approvekit::detail
