#include "record/shown_view.hpp"

#include "approvekit/digest.hpp"
#include "approvekit/error.hpp"

namespace approvekit {

bool shows(const ApprovalRequest& request, std::string_view digest) {
    try {
        return view_digest(request) == digest;
    } catch (const ArgumentsRefusedError&) {
        return false;
    }
}

}  // namespace approvekit
