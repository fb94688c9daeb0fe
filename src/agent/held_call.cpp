#include "agent/agent.hpp"

#include "approvekit/error.hpp"
#include "agent/decision_verifier.hpp"

#include <utility>

namespace approvekit::detail {
namespace {

/// Only this side still knows the name of a tool whose row was removed.
template <typename Operation>
auto naming_tool(const ApprovalRequest& request, const Operation& operation) {
    try {
        return operation();
    } catch (const RequestAlteredError&) {
        throw RequestAlteredError(request.tool_name, request.id);
    }
}

}  // namespace

HeldCall::HeldCall(std::shared_ptr<Agent> agent, ApprovalRequest request, std::shared_ptr<Place> place)
    : agent_(std::move(agent)), request_(std::move(request)), place_(std::move(place)) {
    try {
        agent_->storage()->submit(request_);
    } catch (...) {
        leave();
        throw;
    }
}

HeldCall::HeldCall(Permit permit) : permit_(std::move(permit)) {}

HeldCall::~HeldCall() {
    if (!place_) return;
    try {
        cancel();
    } catch (const std::exception&) {
        // Nobody waits any more, so nothing can run; the request ends at its deadline.
        leave();
    }
}

bool HeldCall::ready() const {
    return !place_ || place_->called() || agent_->clock().now() >= *request_.deadline;
}

void HeldCall::cancel() {
    permit_.reset();
    if (!place_) return;
    static_cast<void>(end(ApprovalStatus::cancelled, "the caller gave up waiting"));
    leave();
}

Permit HeldCall::wait(const std::stop_token& stop) {
    if (permit_) {
        Permit permit = std::move(*permit_);
        permit_.reset();
        return permit;
    }
    if (!place_) throw ApprovalCancelledError(request_.tool_name, request_.id);
    const auto found = await(stop);
    if (found && found->status != ApprovalStatus::approved) refuse(*found);
    return claim();
}

std::optional<ApprovalRequest> HeldCall::await(const std::stop_token& stop) {
    while (true) {
        const auto left = *request_.deadline - agent_->clock().now();
        const Tidings tidings = place_->wait(stop, std::chrono::steady_clock::now() + left);
        if (stop.stop_requested()) return withdraw();
        if (tidings == Tidings::none && agent_->clock().now() >= *request_.deadline) {
            return end(ApprovalStatus::timeout, "nobody answered by the deadline");
        }
        if (tidings == Tidings::approved) return std::nullopt;
        auto found = agent_->storage()->find(request_.id);
        if (!found) return end(ApprovalStatus::cancelled, "its row is gone from the database");
        if (found->status != ApprovalStatus::pending) return std::move(*found);
    }
}

ApprovalRequest HeldCall::withdraw() {
    ApprovalRequest ended = end(ApprovalStatus::cancelled, "the caller gave up waiting");
    // An approval may have been faster. It stands in the record, but nobody waits for it any more.
    if (ended.status == ApprovalStatus::approved) ended.status = ApprovalStatus::cancelled;
    return ended;
}

ApprovalRequest HeldCall::end(ApprovalStatus status, const char* reason) {
    return naming_tool(request_, [&] { return agent_->storage()->end(request_.id, status, reason); });
}

Permit HeldCall::claim() {
    auto run = std::make_unique<Permit::Run>();
    run->outcome.entry_id = naming_tool(request_, [&] {
        return agent_->storage()->claim({request_.id, request_.view_digest, verification()});
    });
    run->outcome.request_id = request_.id;
    run->outcome.tool_name = request_.tool_name;
    run->scrubber = place_->scrubber();
    run->storage = agent_->storage();
    leave();
    return Agent::permit(std::move(run));
}

/// Verifies against the request as this side submitted it: what the record says of it counts for nothing.
DecisionCheck HeldCall::verification() const {
    if (agent_->policy().reviewers().empty()) return {};
    return [this](const Decision& decision) {
        return DecisionVerifier(agent_->policy().reviewers()).objection(request_, decision, agent_->clock().now());
    };
}

bool HeldCall::is_on_record(const ApprovalRequest& settled) const {
    if (settled.way == "database") return false;
    const auto decision = agent_->storage()->find_decision(request_.id);
    return !decision || decision->verdict != Verdict::approve;
}

void HeldCall::refuse(const ApprovalRequest& settled) {
    const std::string notes = place_->scrubber().scrub(settled.reviewer_notes.value_or(""));
    if (!is_on_record(settled)) static_cast<void>(end(ApprovalStatus::cancelled, "another program changed its row"));
    leave();
    switch (settled.status) {
        case ApprovalStatus::rejected:
            throw ApprovalRejectedError(request_.tool_name, request_.id, settled.reviewer, notes);
        case ApprovalStatus::timeout: {
            const auto timeout =
                std::chrono::duration_cast<std::chrono::seconds>(*request_.deadline - request_.created_at);
            throw ApprovalTimeoutError(request_.tool_name, request_.id,
                                       notes + " (timeout " + std::to_string(timeout.count()) + " s)");
        }
        default:
            throw ApprovalCancelledError(request_.tool_name, request_.id);
    }
}

void HeldCall::leave() noexcept {
    agent_->room().leave(request_.id);
    place_.reset();
}

}  // namespace approvekit::detail
