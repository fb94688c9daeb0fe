#include "agent/held_call.hpp"

#include "agent/agent.hpp"
#include "agent/call_refusal.hpp"
#include "approvekit/error.hpp"
#include "approvekit/metadata_keys.hpp"
#include "policy/terms.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace approvekit::detail {
namespace {

constexpr const char* given_up = "the caller gave up waiting";
constexpr const char* stopped = "the caller was stopped; whoever asks again with its key takes the request over";
constexpr const char* replaced = "this agent asked again with its key, and the newer ticket waits for it";

std::chrono::seconds run_timeout_of(const ApprovalRequest& request) {
    return std::chrono::seconds(request.metadata.value(run_timeout_key, std::int64_t{0}));
}

}  // namespace

HeldCall::HeldCall(std::shared_ptr<Agent> agent, ApprovalRequest request, SubmittedArguments submitted,
                   std::shared_ptr<WaitingCall> waiting, std::string parent)
    : agent_(std::move(agent)),
      request_(std::move(request)),
      submitted_(std::move(submitted)),
      waiting_(std::move(waiting)),
      parent_(std::move(parent)),
      process_(::getpid()) {
    try {
        agent_->storage()->submit(request_);
    } catch (...) {
        settle(std::current_exception());
        throw;
    }
}

HeldCall::HeldCall(std::shared_ptr<Agent> agent, std::shared_ptr<WaitingCall> waiting, std::string parent)
    : agent_(std::move(agent)),
      waiting_(std::move(waiting)),
      parent_(std::move(parent)),
      process_(::getpid()),
      has_key_(true) {}

void HeldCall::enter(SubmittedArguments submitted) {
    submitted_ = std::move(submitted);
    if (request_.quorum()) waiting_->follow_votes();
    agent_->waiting_calls().enter(request_.id, waiting_);
}

HeldCall::HeldCall(std::string tool_name, Permit permit, std::string parent, bool is_started)
    : permit_(std::move(permit)), parent_(std::move(parent)), process_(::getpid()), is_started_(is_started) {
    request_.tool_name = std::move(tool_name);
}

HeldCall::HeldCall(std::exception_ptr answer) : answer_(std::move(answer)), process_(::getpid()) {}

HeldCall::~HeldCall() {
    if (is_inherited()) return;
    try {
        has_key_ && !is_cancelled_ && !permit_ ? leave(given_up) : cancel();
    } catch (const std::exception&) {
        // Nobody waits any more, so nothing can run. The request ends at its deadline, or a later write releases it.
        if (has_key_ && is_cancelled_) release_later();
        settle(std::current_exception());
    }
}

void HeldCall::leave(const char* reason) {
    if (!waiting_ || request_.id.empty()) return;
    const bool is_replaced = waiting_->is_replaced();
    // Settle first: whoever then takes the request over in this process enters a place of its own.
    settle(cancellation(reason));
    if (!is_replaced) agent_->storage()->release(request_.id);
}

void HeldCall::release_later() noexcept {
    try {
        agent_->storage()->release(request_.id);
    } catch (const std::exception&) {
        // A later write releases it.
    }
}

void HeldCall::catch_up() {
    const auto found = agent_->storage()->find(request_.id);
    if (found && found->status == ApprovalStatus::pending) {
        tell_waiting();
        return tell_votes(*found);
    }
    waiting_->call(Notice::look);
}

bool HeldCall::is_inherited() const noexcept {
    return ::getpid() != process_;
}

void HeldCall::check_process() const {
    if (!is_inherited()) return;
    throw StorageError(ErrorCode::storage_forked,
                       request_.tool_name + ": this call was submitted before fork(); ask for it in the parent");
}

bool HeldCall::is_decided() {
    check_process();
    return !waiting_ || is_decided_at(agent_->clock().now());
}

template <typename Look>
auto HeldCall::meet_stop(Look look) {
    try {
        return look();
    } catch (...) {
        look_again();
        throw;
    }
}

bool HeldCall::is_decided_at(Time now) {
    if (!waiting_ || waiting_->is_replaced() || now >= *end_of_time()) return true;
    const Notice notice = waiting_->take();
    if (notice == Notice::none) return false;
    if (!waiting_->is_replaced()) {  // it may have been replaced meanwhile, and that is told only once
        if (notice < Notice::approved && is_pending()) return false;
        if (meet_stop([this] { return stop_.is_met(*agent_, request_); })) return false;
    }
    waiting_->put_back(notice);
    return true;
}

bool HeldCall::is_pending() {
    try {
        const auto found = agent_->storage()->find(request_.id);
        if (!found || found->status != ApprovalStatus::pending) return false;
        tell_votes(*found);
        return true;
    } catch (...) {
        look_again();
        throw;
    }
}

void HeldCall::look_again() {
    if (waiting_) waiting_->put_back(Notice::look);
}

bool HeldCall::wait_until(std::chrono::steady_clock::time_point until, const std::stop_token& stop) {
    while (!is_decided()) {
        if (stop.stop_requested() || std::chrono::steady_clock::now() >= until) return false;
        waiting_->put_back(waiting_->wait(stop, std::min(until, end_of_waiting())));
    }
    return true;
}

std::optional<Time> HeldCall::deadline() const {
    check_process();
    return request_.deadline;
}

ApprovalStatus HeldCall::status() const {
    check_process();
    if (request_.id.empty())
        return agent_ || !request_.tool_name.empty() ? ApprovalStatus::approved : ApprovalStatus::rejected;
    const auto found = agent_->storage()->find(request_.id);
    return found ? found->status : ApprovalStatus::cancelled;
}

void HeldCall::on_decided(std::function<void()> listener) {
    check_process();
    if (!waiting_) return listener();
    waiting_->listen(listener);
    if (is_decided()) listener();  // the answer may have come before the listener was set
}

void HeldCall::ring_at(const std::shared_ptr<WaitingCall>& bell, ::pid_t process) {
    if (process != process_) check_process();
    if (waiting_) waiting_->ring_at(bell);
}

const Clock* HeldCall::clock() const noexcept {
    return agent_ ? &agent_->clock() : nullptr;
}

std::chrono::steady_clock::time_point HeldCall::end_of_waiting() const {
    return std::chrono::steady_clock::now() + (*end_of_time() - agent_->clock().now());
}

std::chrono::microseconds HeldCall::time_left() const {
    return *end_of_time() - agent_->clock().now();
}

const std::shared_ptr<TimerQueue>& HeldCall::awaiting() const noexcept {
    return agent_->awaiting();
}

void HeldCall::cancel() {
    check_process();
    if (permit_) {
        permit_->not_started("not started: the caller gave it up before");
        permit_.reset();
        answer_ = cancellation(given_up);
    }
    if (!waiting_) return;
    is_cancelled_ = true;
    if (waiting_->is_replaced()) return settle(cancellation(replaced));
    try {
        settle(withdraw());
    } catch (const RefusedError&) {
        settle(std::current_exception());  // its row is gone: nothing will run
    }
}

Permit HeldCall::wait(const std::stop_token& stop) {
    check_process();
    if (is_cancelled_ && waiting_) cancel();  // it does not run any more, but the record could not be told earlier
    if (answer_) std::rethrow_exception(answer_);
    const std::shared_ptr<Agent> agent = permit_ ? permit_->run_->agent : agent_;
    return agent->telling_trouble(request_.tool_name,
                                  [&] { return hand_over(permit_ ? take_permit(*agent) : wait_and_claim(stop)); });
}

bool HeldCall::claim_ahead(const std::stop_token& stop) {
    check_process();
    if (is_cancelled_) return true;  // wait() says so, and tells the record once more
    if (!is_decided()) return false;
    if (!waiting_) return true;
    try {
        agent_->telling_trouble(request_.tool_name, [&] {
            await_approval(stop);
            if (auto permit = claim()) permit_.emplace(*std::move(permit));
        });
    } catch (...) {
        if (!answer_) throw;
        return true;  // wait() says so
    }
    if (!permit_) return false;
    is_started_ = true;
    leave_place();
    return true;
}

Permit HeldCall::take_permit(const Agent& agent) {
    try {
        if (!is_started_) {
            agent.require_no_stop(request_.tool_name);
            agent.require_live_grant(permit_->run_->outcome.grant, request_.tool_name);
            agent.require_parent(parent_, request_.tool_name, {});
        }
    } catch (const RefusedError& refusal) {
        permit_->not_started(std::string("not started: ") + refusal.what());
        permit_.reset();
        settle(std::current_exception());
        throw;
    }
    return *std::exchange(permit_, std::nullopt);
}

Permit HeldCall::wait_and_claim(const std::stop_token& stop) {
    while (true) {
        await_approval(stop);
        if (auto permit = claim()) return *std::move(permit);
    }
}

void HeldCall::await_approval(const std::stop_token& stop) {
    try {
        const auto found = await(stop);
        if (found && found->status != ApprovalStatus::approved) std::rethrow_exception(refusal(*found));
        require_parent();
        news_.tell_approval(*agent_, request_, waiting_->scrubber());
        if (stop.stop_requested()) std::rethrow_exception(stop_waiting());
    } catch (const RefusedError&) {
        settle(std::current_exception());
        throw;
    } catch (...) {
        look_again();  // the notice was taken but not dealt with, and it is told only once
        throw;
    }
}

void HeldCall::require_parent() {
    try {
        agent_->require_parent(parent_, request_.tool_name, request_.id);
    } catch (const RefusedError&) {
        static_cast<void>(end(ApprovalStatus::cancelled, "the call within which it was made came to nothing"));
        throw;
    }
}

void HeldCall::tell_waiting() const {
    CallNews::tell_waiting(*agent_, request_);
}

void HeldCall::tell_votes(const ApprovalRequest& found) {
    news_.tell_votes(*agent_, request_, found, waiting_->scrubber());
}

Permit HeldCall::hand_over(Permit permit) {
    // Not earlier: a ticket that was allowed at once, but is asked for later or never, has nothing running within it.
    permit.run_->scrubber.begin();
    settle(std::make_exception_ptr(MisuseError(request_.tool_name +
                                               " was allowed, and the result of its ticket has already been taken" +
                                               (request_.id.empty() ? "" : " (request " + request_.id + ")"))));
    return permit;
}

std::optional<ApprovalRequest> HeldCall::await(const std::stop_token& stop) {
    while (true) {
        const Notice notice = waiting_->wait(stop, end_of_waiting());
        if (waiting_->is_replaced()) std::rethrow_exception(cancellation(replaced));
        if (stop.stop_requested()) std::rethrow_exception(stop_waiting());
        if (notice == Notice::none && agent_->clock().now() >= *end_of_time()) {
            return end(ApprovalStatus::timeout, "nobody answered by the deadline");
        }
        if (notice == Notice::approved) return std::nullopt;
        auto found = agent_->storage()->find(request_.id);
        if (!found) return end(ApprovalStatus::cancelled, "its row is gone from the database");
        if (found->status != ApprovalStatus::pending) return std::move(*found);
        tell_votes(*found);
    }
}

std::exception_ptr HeldCall::stop_waiting() {
    if (!has_key_) return withdraw();
    leave(stopped);
    return answer_;
}

std::exception_ptr HeldCall::withdraw() {
    const ApprovalRequest ended = end(ApprovalStatus::cancelled, given_up);
    // An approval may have been faster. It is on record, but nobody waits for it any more.
    return ended.status == ApprovalStatus::approved ? cancellation(given_up) : refusal(ended);
}

ApprovalRequest HeldCall::end(ApprovalStatus status, const char* reason) {
    return naming_tool(request_, [&] { return agent_->storage()->end(request_.id, status, reason); });
}

std::optional<Permit> HeldCall::claim() {
    RunOutcome outcome;
    std::shared_ptr<const EditedCall> edited;
    std::optional<LimitUse> use = use_;
    const auto take = [&](const Decision* decision) {
        edited = edited_call(decision);
        use = edited ? edited->use : use_;
    };
    try {
        outcome.entry_id = naming_tool(request_, [&] {
            return agent_->storage()->claim({request_.id, request_.view_digest, verification(), &request_, has_key_,
                                             agent_->name(), new_denial(), use ? &*use : nullptr, take});
        });
    } catch (const StoppedError& stop) {
        meet_stop([&] { stop_.meet(*agent_, request_, stop); });
        return std::nullopt;
    } catch (...) {
        settle(std::current_exception());  // whatever stopped it, it is not claimed again
        throw;
    }
    outcome.request_id = request_.id;
    outcome.tool_name = request_.tool_name;
    return Agent::permit({agent_->storage(), waiting_->scrubber(), std::move(outcome),
                          edited ? edited->submitted : *std::move(submitted_), agent_, run_timeout_of(request_), under_,
                          std::move(edited)});
}

bool HeldCall::is_on_record(const ApprovalRequest& settled) const {
    if (settled.way == "database") return false;
    const auto decision = agent_->storage()->find_decision(request_.id);
    return !decision || decision->verdict != Verdict::approve;
}

std::exception_ptr HeldCall::refusal(const ApprovalRequest& settled) {
    if (settled.status == ApprovalStatus::answered) return answered();
    const std::string notes = waiting_->scrubber().scrub(settled.reviewer_notes.value_or(""));
    const bool foreign = !is_on_record(settled);
    if (foreign) static_cast<void>(end(ApprovalStatus::cancelled, "another program changed its row"));
    return refusal_of(request_, settled, notes, foreign);
}

std::exception_ptr HeldCall::cancellation(const std::string& reason) const {
    return cancellation_of(request_, reason);
}

void HeldCall::settle(std::exception_ptr answer) noexcept {
    answer_ = std::move(answer);
    leave_place();
}

void HeldCall::leave_place() noexcept {
    if (waiting_) agent_->waiting_calls().leave(request_.id, waiting_);
    waiting_.reset();
}

}  // namespace approvekit::detail
