#pragma once

#include "agent/submitted_arguments.hpp"
#include "approvekit/call_edit.hpp"
#include "approvekit/json.hpp"
#include "approvekit/limit_use.hpp"

#include <optional>

namespace approvekit::detail {

/// A call as it is to run after a reviewer edited it (G16). A plain value.
struct EditedCall {
    Json arguments;  ///< hidden values included
    CallEdit edit;
    SubmittedArguments submitted;  ///< what commits to them
    std::optional<LimitUse> use;   ///< what it takes so of the limit of the rule that it was reviewed under
};

}  // namespace approvekit::detail
