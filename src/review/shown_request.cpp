#include "review/shown_request.hpp"

#include "record/shown_view.hpp"

namespace approvekit::review {

ApprovalRequest as_shown(ApprovalRequest request) {
    request.view_digest = record::shown_digest(request);
    return request;
}

}  // namespace approvekit::review
