#include "agent/call_refusal.hpp"

#include <chrono>

namespace approvekit::detail {

std::exception_ptr refusal_of(const ApprovalRequest& asked, const ApprovalRequest& settled, const std::string& notes,
                              bool is_foreign) {
    switch (settled.status) {
        case ApprovalStatus::rejected:
            return std::make_exception_ptr(ApprovalRejectedError(asked.tool_name, asked.id, settled.reviewer, notes));
        case ApprovalStatus::timeout: {
            const auto timeout = std::chrono::duration_cast<std::chrono::seconds>(*asked.deadline - asked.created_at);
            return std::make_exception_ptr(ApprovalTimeoutError(
                asked.tool_name, asked.id, notes + " (timeout " + std::to_string(timeout.count()) + " s)"));
        }
        default:
            return cancellation_of(asked, is_foreign || notes.empty() ? "another program changed its row" : notes);
    }
}

std::exception_ptr cancellation_of(const ApprovalRequest& asked, const std::string& reason) {
    return std::make_exception_ptr(ApprovalCancelledError(asked.tool_name, asked.id, reason));
}

}  // namespace approvekit::detail
