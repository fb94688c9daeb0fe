#include "record/ledger.hpp"

#include "approvekit/error.hpp"
#include "keys/reviewer_name.hpp"
#include "record/grant_control.hpp"
#include "record/hold_control.hpp"
#include "record/resumption.hpp"
#include "record/stop_control.hpp"
#include "text/utf8.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace approvekit::record {

namespace {

constexpr const char* doubtful_reason = "not started, because recording it was reported as failed";

UnstartedCall step_of(std::string_view request_id) {
    UnstartedCall step;
    step.request_id = request_id;
    return step;
}

/// Throws the refusal, which is on record by now.
template <typename Value>
Value settled(Result<Value>&& result) {
    if (result.refusal) std::rethrow_exception(result.refusal);
    return std::move(result.value);
}

}  // namespace

void Ledger::ensure_session(const std::function<std::int64_t(Transaction&)>& start) {
    const std::lock_guard lock(writing_);
    if (session_ != 0) return;
    std::int64_t number = 0;
    engine_.write([&](Transaction& transaction) { number = start(transaction); });
    session_ = number;
}

void Ledger::submit(const ApprovalRequest& request) {
    try {
        write([&](UnitOfWork& unit) { Transitions(unit).submit(request); });
    } catch (const StorageError&) {
        withdraw(step_of(request.id));
        throw;
    }
}

KeyedAnswer Ledger::submit(const ApprovalRequest& request, const KeyedCall& call) {
    KeyedAnswer answer;
    try {
        write(
            [&](UnitOfWork& unit) {
                answer = {};
                answer = Resumption(unit).submit(request, call);
            },
            Hold::as_opened, counted_by(call));
    } catch (const StorageError&) {
        if (answer.kind == KeyedAnswer::Kind::taken_over) release_later(answer.request_id);
        if (answer.kind == KeyedAnswer::Kind::accepted) withdraw(step_of(request.id));
        throw;
    }
    return answer;
}

KeyedAnswer Ledger::record(const Intent& intent, const KeyedCall& call) {
    Result<KeyedAnswer> result;
    KeyedAnswer& answer = result.value;
    try {
        write(
            [&](UnitOfWork& unit) {
                result = {};
                result = Resumption(unit).allow(intent, call);
                if (!answer.entry_id.empty() && was_resumed_) since_.insert(answer.entry_id);
            },
            Hold::for_good, counted_by(intent, call));
    } catch (const StorageError&) {
        withdraw_intent(intent, answer.entry_id, true);
        throw;
    }
    return settled(std::move(result));
}

void Ledger::release_later(std::string_view request_id) {
    const std::lock_guard lock(queueing_);
    reports_.push_back({step_of(request_id), false, false, true, {}});
}

void Ledger::release(std::string_view request_id) {
    try {
        write([&](UnitOfWork& unit) { Resumption(unit).release(std::string(request_id)); });
    } catch (const StorageError&) {
        release_later(request_id);
        throw;
    }
}

std::string Ledger::claim(const Claim& claim) {
    Result<Start> result;
    try {
        write(
            [&](UnitOfWork& unit) {
                result = {};
                result = Transitions(unit).claim(claim);
            },
            claim.has_key || claim.use != nullptr ? Hold::for_good : Hold::as_opened, counted_by(claim));
    } catch (const StorageError&) {
        withdraw(step_of(claim.request_id), std::move(result.value.started_at));
        throw;
    }
    return settled(std::move(result)).entry_id;
}

ApprovalRequest Ledger::end(std::string_view request_id, ApprovalStatus status, std::string_view reason) {
    const std::string note = text::shortened(std::string(reason), maximum_outcome_note_bytes);
    Result<ApprovalRequest> result;
    write([&](UnitOfWork& unit) { result = Transitions(unit).end(std::string(request_id), status, note); });
    return settled(std::move(result));
}

ApprovalRequest Ledger::decide(const Decision& decision) {
    Result<ApprovalRequest> result;
    write([&](UnitOfWork& unit) { result = Transitions(unit).decide(decision); });
    return settled(std::move(result));
}

Stop Ledger::stop(const StopOrder& order, const Author& author) {
    check_stop(order);
    keys::check_reviewer_name(author.reviewer);
    Stop stop;
    write([&](UnitOfWork& unit) { stop = StopControl(unit).stop(order, author); }, Hold::for_good);
    return stop;
}

Stop Ledger::resume(const std::string& stop_id, const Author& author) {
    keys::check_reviewer_name(author.reviewer);
    Stop stop;
    write([&](UnitOfWork& unit) { stop = StopControl(unit).resume(stop_id, author); }, Hold::for_good);
    return stop;
}

void Ledger::revoke(const std::string& grant_id, const Author& author) {
    keys::check_reviewer_name(author.reviewer);
    write([&](UnitOfWork& unit) { GrantControl(unit).revoke(grant_id, author); }, Hold::for_good);
}

AuditHold Ledger::hold(const std::string& subject, const std::string& reason, const Author& author) {
    check_hold(reason);
    keys::check_reviewer_name(author.reviewer);
    AuditHold hold;
    write([&](UnitOfWork& unit) { hold = HoldControl(unit).hold(subject, reason, author); }, Hold::for_good);
    return hold;
}

AuditHold Ledger::release_hold(const std::string& subject, const Author& author) {
    keys::check_reviewer_name(author.reviewer);
    AuditHold hold;
    write([&](UnitOfWork& unit) { hold = HoldControl(unit).release(subject, author); }, Hold::for_good);
    return hold;
}

std::optional<Stop> Ledger::find_stop(Tables& tables, std::string_view tool_name, std::string_view agent) {
    const std::vector<Stop> stops = known_stops_.look(tables);
    const Stop* const found = stop_covering(stops, tool_name, agent);
    return found == nullptr ? std::nullopt : std::optional(*found);
}

std::size_t Ledger::sweep(const std::vector<std::int64_t>& gone) {
    std::size_t ended = 0;
    write([&](UnitOfWork& unit) { ended = Sweep(unit).run(gone); });
    return ended;
}

void Ledger::close() {
    flush();
    {
        const std::lock_guard lock(writing_);
        if (session_ == 0) return;
    }
    write([](UnitOfWork& unit) { Sweep(unit).close_session(); });
}

std::uint64_t Ledger::version() {
    const std::lock_guard lock(writing_);
    return engine_.version();
}

void Ledger::write(const std::function<void(UnitOfWork&)>& work, Hold hold, const CountedTogether& counted) {
    const std::vector<Change> changes = commit(work, hold, counted);
    if (!changes.empty()) engine_.announce(changes);
}

std::vector<Change> Ledger::commit(const std::function<void(UnitOfWork&)>& work, Hold hold,
                                   const CountedTogether& counted) {
    const std::lock_guard lock(writing_);
    std::vector<Carried> reports = take_reports();
    std::vector<Change> changes;
    decltype(UnitOfWork::grant_uses) grant_uses;
    const auto step = [&](Transaction& transaction) {
        UnitOfWork unit(transaction, session_, known_stops_, known_grants_);
        resume_session(unit);
        lock_counted(unit, reports, counted);
        carry_out(unit, reports);
        work(unit);
        changes = std::move(unit.changes);
        grant_uses = std::move(unit.grant_uses);
    };
    try {
        hold == Hold::for_good ? engine_.write_for_good(step) : engine_.write(step);
    } catch (...) {
        give_back(std::move(reports));
        throw;
    }
    for (const auto& [grant, place] : grant_uses)
        known_grants_.meet_use(grant, place);
    for (const Carried& carried : reports)
        since_.erase(carried.entry_id());
    return changes;
}

void Ledger::lock_counted(UnitOfWork& unit, const std::vector<Carried>& reports, CountedTogether counted) {
    for (const Carried& carried : reports) {
        const auto* const call = std::get_if<UnstartedCall>(&carried.report);
        if (call == nullptr || carried.is_release) continue;
        const bool is_intent = call->request_id == auto_request_id;
        if (!is_intent) counted.add_request(call->request_id);
        counted.add_start(is_intent ? call->entry_id : call->request_id, unit.tables.uses);
    }
    if (counted.size() > 1) counted.lock(unit.tables);
}

void Ledger::carry_out(UnitOfWork& unit, const std::vector<Carried>& reports) {
    Transitions transitions(unit);
    for (const Carried& carried : reports) {
        if (carried.is_release) {
            Resumption(unit).release(std::get<UnstartedCall>(carried.report).request_id);
            continue;
        }
        if (!is_certain(carried) && !is_wanted(transitions, carried)) continue;
        if (const auto* const outcome = std::get_if<RunOutcome>(&carried.report)) {
            transitions.finish(*outcome);
        } else {
            transitions.not_started(std::get<UnstartedCall>(carried.report));
        }
    }
}

bool Ledger::is_wanted(Transitions& transitions, const Carried& carried) {
    if (const auto* const outcome = std::get_if<RunOutcome>(&carried.report)) return transitions.wants(*outcome);
    const auto& call = std::get<UnstartedCall>(carried.report);
    return carried.is_withdrawal ? transitions.may_withdraw(call, carried.started_at) : transitions.wants(call);
}

const std::string& Ledger::Carried::entry_id() const {
    return std::visit([](const auto& any) -> const std::string& { return any.entry_id; }, report);
}

bool Ledger::is_certain(const Carried& carried) const {
    if (carried.is_doubtful || carried.is_withdrawal) return false;
    return !was_resumed_ || since_.contains(carried.entry_id());
}

std::string Ledger::record(const Intent& intent, AuditEvent event) {
    Waiting self{&intent, event, {}, {}, false, {}};
    std::unique_lock lock(queueing_);
    queue_.push_back(&self);
    self.turn.wait(lock, [&] { return self.done || queue_.front() == &self; });
    if (!self.done) {
        const std::vector<Waiting*> batch(queue_.begin(), queue_.end());
        lock.unlock();
        write_batch(batch);
        lock.lock();
        queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(batch.size()));
        for (Waiting* waiting : batch) {
            waiting->done = true;
            if (waiting != &self) waiting->turn.notify_one();
        }
        if (!queue_.empty()) queue_.front()->turn.notify_one();
    }
    if (self.failure) std::rethrow_exception(self.failure);
    return std::move(self.entry_id);
}

void Ledger::write_each(UnitOfWork& unit, const std::vector<Waiting*>& batch) {
    Transitions transitions(unit);
    for (Waiting* waiting : batch) {
        const bool allows = waiting->event == AuditEvent::approved;
        Result<std::string> entry = allows ? transitions.allow(*waiting->intent)
                                           : Result<std::string>{transitions.deny(*waiting->intent), nullptr};
        waiting->entry_id = std::move(entry.value);
        waiting->failure = entry.refusal;  // of this call only
        if (allows && !waiting->entry_id.empty() && was_resumed_) since_.insert(waiting->entry_id);
    }
}

void Ledger::write_batch(const std::vector<Waiting*>& batch) noexcept {
    try {
        const bool is_counted = std::any_of(batch.begin(), batch.end(), [](const Waiting* waiting) {
            return waiting->intent->use != nullptr || waiting->intent->grant != nullptr;
        });
        CountedTogether counted;
        for (const Waiting* waiting : batch) {
            if (waiting->event == AuditEvent::approved) counted.add(*waiting->intent);
        }
        write([&](UnitOfWork& unit) { write_each(unit, batch); }, is_counted ? Hold::for_good : Hold::as_opened,
              counted);
    } catch (...) {
        // Every caller of the batch gets the exception and rethrows it: none of their calls may run.
        for (Waiting* waiting : batch) {
            waiting->failure = std::current_exception();
            if (waiting->event == AuditEvent::approved) withdraw_intent(*waiting->intent, waiting->entry_id, false);
        }
    }
}

void Ledger::withdraw_intent(const Intent& intent, const std::string& entry_id, bool has_key) {
    if (entry_id.empty()) return;
    UnstartedCall step = step_of(auto_request_id);
    step.entry_id = entry_id;
    step.tool_name = intent.tool_name;
    step.has_key = has_key;
    if (intent.grant != nullptr) step.grant = intent.grant->id;
    withdraw(std::move(step));
}

void Ledger::finish(RunOutcome outcome) {
    if (outcome.state == RunState::none || outcome.state == RunState::running) {
        throw MisuseError(outcome.tool_name + ": no run ends as " + std::string(to_string(outcome.state)));
    }
    outcome.note = text::shortened(std::move(outcome.note), maximum_outcome_note_bytes);
    const std::lock_guard lock(queueing_);
    reports_.push_back({std::move(outcome), false, false, false, {}});
}

void Ledger::not_started(UnstartedCall call) {
    call.reason = text::shortened(std::move(call.reason), maximum_outcome_note_bytes);
    const std::lock_guard lock(queueing_);
    reports_.push_back({std::move(call), false, false, false, {}});
}

void Ledger::withdraw(UnstartedCall step, std::string started_at) {
    step.reason = doubtful_reason;
    const std::lock_guard lock(queueing_);
    reports_.push_back({std::move(step), false, true, false, std::move(started_at)});
}

bool Ledger::has_reports() const {
    const std::lock_guard lock(queueing_);
    return !reports_.empty();
}

void Ledger::flush() {
    {
        // a write that is under way may carry some reports that are not durable yet
        const std::lock_guard lock(writing_);
        if (!has_reports()) return;
    }
    write([](UnitOfWork&) {});
}

void Ledger::resume_session(UnitOfWork& unit) {
    if (session_ == 0 || unit.tables.sessions.is_open(session_)) return;
    was_resumed_ = true;
    since_.clear();
    unit.transaction.show_life();
    unit.tables.sessions.resume(session_);
}

std::vector<Ledger::Carried> Ledger::take_reports() {
    const std::lock_guard lock(queueing_);
    return std::exchange(reports_, {});
}

void Ledger::give_back(std::vector<Carried> reports) {
    for (Carried& carried : reports)
        carried.is_doubtful = true;
    const std::lock_guard lock(queueing_);
    reports_.insert(reports_.begin(), std::make_move_iterator(reports.begin()), std::make_move_iterator(reports.end()));
}

}  // namespace approvekit::record
