#pragma once

#include "approvekit/call_edit.hpp"
#include "approvekit/json.hpp"

namespace approvekit::detail {

/// A call as it is to run after a reviewer edited it (G16). A plain value.
struct EditedCall {
    Json arguments;  ///< hidden values included
    CallEdit edit;
};

}  // namespace approvekit::detail
