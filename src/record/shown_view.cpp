#include "record/shown_view.hpp"

#include "approvekit/digest.hpp"
#include "approvekit/error.hpp"
#include "approvekit/terminal_text.hpp"

namespace approvekit::record {

std::string shown_digest(const ApprovalRequest& request) {
    try {
        return view_digest(request);
    } catch (const ArgumentsRefusedError&) {
        if (request.ours) return {};
        return to_hex(digest_of(terminal_json({"approvekit foreign view 1", request.id, request.tool_name,
                                               request.tool_args, to_text(request.created_at), request.metadata})));
    }
}

bool shows(const ApprovalRequest& request, std::string_view digest) {
    return !digest.empty() && shown_digest(request) == digest;
}

}  // namespace approvekit::record
