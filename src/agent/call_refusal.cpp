#include "agent/call_refusal.hpp"

#include "agent/agent.hpp"
#include "agent/decision_verifier.hpp"
#include "agent/held_call.hpp"
#include "approvekit/call_answer.hpp"
#include "approvekit/error.hpp"
#include "approvekit/outcome.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <utility>

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

namespace {

/// A reviewer cannot have meant to pass a hidden value on: the answer would end up in logs and in a model's text.
void require_no_secret(const ApprovalRequest& asked, const CallAnswer& answer, const CallScrubber& scrubber) {
    const std::string words = answer.words();
    if (scrubber.scrub(words) == words) return;
    throw RequestAlteredError(asked.tool_name, asked.id,
                              "the answer of " + answer.reviewer + " contains a value that the policy hides");
}

}  // namespace

std::exception_ptr answer_to(Storage& storage, const ApprovalRequest& asked, const DecisionCheck& verify,
                             const CallScrubber& scrubber) {
    std::optional<CallAnswer> given;
    Claim claim{.request_id = asked.id, .view_digest = asked.view_digest, .verify = verify, .submitted = &asked};
    claim.take_answer = [&](const Decision& decision) {
        CallAnswer answer{decision.reviewer, decision.answer, scrubber.scrub(decision.notes)};
        require_no_secret(asked, answer, scrubber);
        given = std::move(answer);
    };
    try {
        static_cast<void>(naming_tool(asked, [&] { return storage.claim(claim); }));
        if (!given)
            throw RequestAlteredError(asked.tool_name, asked.id,
                                      "the record says that it was answered, but does not say how");
        return std::make_exception_ptr(AnsweredError(asked.tool_name, asked.id, *std::move(given)));
    } catch (const RefusedError&) {
        return std::current_exception();
    }
}

bool was_answered(const KeyedAnswer& answer) noexcept {
    return answer.kind == KeyedAnswer::Kind::ended && answer.run == RunState::none && answer.request &&
           answer.request->status == ApprovalStatus::answered;
}

std::exception_ptr Agent::earlier_answer(const ApprovalRequest& request, const CallScrubber& scrubber) const {
    const auto policy = policy_.get();
    DecisionCheck verify;
    if (!policy->reviewers().empty()) {
        verify = [&](const Decision& decision) {
            return DecisionVerifier(policy->reviewers()).objection(request, decision, clock().now());
        };
    }
    return answer_to(*storage_, request, verify, scrubber);
}

std::exception_ptr HeldCall::answered() {
    return answer_to(*agent_->storage(), request_, verification(), waiting_->scrubber());
}

}  // namespace approvekit::detail

namespace approvekit {

std::string CallAnswer::words() const {
    return approvekit::text_for_model(value);
}

std::string CallAnswer::text_for_model() const {
    const std::string beside = notes.empty() ? "" : " The reviewer's notes: " + notes;
    return "The tool was not run: the reviewer " + reviewer + " answered the call instead." + beside +
           " The answer: " + words();
}

AnsweredError::AnsweredError(const std::string& tool_name, const std::string& request_id, CallAnswer answer)
    : RefusedError(ErrorCode::answered,
                   tool_name + " was not run: " + answer.reviewer + " answered it instead (request " + request_id +
                       "): " + answer.words(),
                   tool_name, request_id, answer.reviewer,
                   answer.words() + (answer.notes.empty() ? "" : " (" + answer.notes + ")")),
      answer_(std::move(answer)) {}

}  // namespace approvekit
