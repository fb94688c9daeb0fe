#pragma once

#include "approvekit/decision.hpp"
#include "approvekit/digest.hpp"
#include "approvekit/request.hpp"

#include <chrono>
#include <string>

/// A request as an agent would submit it now, with a deadline after `timeout`.
inline approvekit::ApprovalRequest held_request(const approvekit::Clock& clock,
                                                std::chrono::seconds timeout = std::chrono::seconds{60}) {
    approvekit::ApprovalRequest request;
    request.id = approvekit::random_uuid();
    request.tool_name = "send_email";
    request.tool_args = {{"to", "ana@example.com"}, {"body", "[REDACTED]"}};
    request.created_at = clock.now();
    request.deadline = request.created_at + timeout;
    request.metadata = {{"risk_level", "high"}, {"timeout", timeout.count()}};
    request.agent = "test";
    request.nonce = approvekit::random_hex(16);
    request.ours = true;
    request.view_digest = approvekit::view_digest(request);
    return request;
}

inline approvekit::Decision decision_on(const approvekit::ApprovalRequest& request, approvekit::Verdict verdict,
                                        const std::string& notes = "fine") {
    approvekit::Decision decision;
    decision.request_id = request.id;
    decision.verdict = verdict;
    decision.reviewer = "ana";
    decision.way = "terminal";
    decision.notes = notes;
    return decision;
}
