#include "review/shown_request.hpp"

#include "approvekit/digest.hpp"
#include "approvekit/error.hpp"

namespace approvekit {

ApprovalRequest as_shown(ApprovalRequest request) {
    if (!request.ours) return request;
    try {
        request.view_digest = view_digest(request);
    } catch (const ArgumentsRefusedError&) {
        request.view_digest.clear();
    }
    return request;
}

}  // namespace approvekit
