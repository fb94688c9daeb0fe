#include "agent/answered_call.hpp"

#include "agent/agent.hpp"
#include "agent/call_refusal.hpp"
#include "agent/decision_verifier.hpp"
#include "agent/held_call.hpp"
#include "approvekit/call_answer.hpp"
#include "approvekit/error.hpp"

#include <optional>
#include <string>
#include <utility>

namespace approvekit::detail {
namespace {

/// Its reviewer cannot have meant it, and what is passed on would stand in logs and in a model's text.
void require_no_secret(const ApprovalRequest& asked, const CallAnswer& answer, const CallScrubber& scrubber) {
    const std::string words = answer.words();
    if (scrubber.scrub(words) == words) return;
    throw RequestAlteredError(asked.tool_name, asked.id,
                              "what " + answer.reviewer + " answered holds what the policy hides");
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
            throw RequestAlteredError(asked.tool_name, asked.id, "the record says that it was answered, and not how");
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
