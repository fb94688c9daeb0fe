#include "sqlite/ledger.hpp"

#include <iterator>
#include <utility>

namespace approvekit::sqlite {

Ledger::Ledger(std::unique_ptr<Connection> connection, Writer writer, std::shared_ptr<const Clock> clock,
               Announce announce)
    : connection_(std::move(connection)),
      tables_(connection_->database()),
      writer_(std::move(writer)),
      clock_(std::move(clock)),
      announce_(std::move(announce)) {}

void Ledger::write(const std::function<void(Transitions&, Tables&)>& work) {
    const std::vector<Change> changes = commit(work);
    if (!changes.empty()) announce_(changes);
}

std::vector<Change> Ledger::commit(const std::function<void(Transitions&, Tables&)>& work) {
    const std::lock_guard lock(writing_);
    std::vector<Carried> outcomes = take_outcomes();
    try {
        return translating(connection_->path(), [&] {
            Transaction transaction(*connection_);
            Transitions transitions(tables_, writer_, moment_of(*clock_));
            const bool was_ended = resume_session();
            for (const Carried& carried : outcomes) {
                const bool is_certain = !carried.is_doubtful && !was_ended;
                if (is_certain || transitions.wants(carried.outcome)) transitions.finish(carried.outcome);
            }
            work(transitions, tables_);
            transaction.commit();
            return transitions.changes();
        });
    } catch (...) {
        give_back(std::move(outcomes));
        throw;
    }
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

void Ledger::write_batch(const std::vector<Waiting*>& batch) noexcept {
    try {
        write([&](Transitions& transitions, Tables&) {
            for (Waiting* waiting : batch) {
                const bool allowed = waiting->event == AuditEvent::approved;
                waiting->entry_id = allowed ? transitions.allow(*waiting->intent) : transitions.deny(*waiting->intent);
            }
        });
    } catch (...) {
        // Handed to every caller of the batch, which rethrows it: none of them may run.
        for (Waiting* waiting : batch) {
            waiting->failure = std::current_exception();
            disown(*waiting);
        }
    }
}

void Ledger::disown(const Waiting& waiting) {
    if (waiting.event != AuditEvent::approved || waiting.entry_id.empty()) return;
    RunOutcome step;
    step.entry_id = waiting.entry_id;
    step.request_id = auto_request_id;
    step.tool_name = waiting.intent->tool_name;
    step.note = "not started, because recording it was reported as failed";
    disown(std::move(step));
}

void Ledger::finish(RunOutcome outcome) {
    const std::lock_guard lock(queueing_);
    outcomes_.push_back({std::move(outcome), false});
}

void Ledger::disown(RunOutcome step) {
    step.state = RunState::none;
    const std::lock_guard lock(queueing_);
    outcomes_.push_back({std::move(step), true});
}

bool Ledger::has_outcomes() const {
    const std::lock_guard lock(queueing_);
    return !outcomes_.empty();
}

void Ledger::flush() {
    {
        const std::lock_guard lock(writing_);  // a write that is under way may carry some, not yet durable
        if (!has_outcomes()) return;
    }
    write([](Transitions&, Tables&) {});
}

std::int64_t Ledger::session() const {
    const std::lock_guard lock(writing_);
    return writer_.session;
}

void Ledger::ensure_session(const std::function<std::int64_t(std::int64_t)>& take_lease,
                            std::function<void()> keep_lease) {
    translating(connection_->path(), [&] {
        const std::lock_guard lock(writing_);
        if (writer_.session != 0) return;
        Transaction transaction(*connection_);
        StoredSession session;
        session.number = take_lease(tables_.sessions.next_number());
        session.agent = writer_.self;
        session.first_entry = tables_.audit.head().sequence;
        tables_.sessions.insert(session, to_text(clock_->now()));
        transaction.commit();
        writer_.session = session.number;
        keep_lease_ = std::move(keep_lease);
    });
}

bool Ledger::resume_session() {
    if (writer_.session == 0 || tables_.sessions.is_open(writer_.session)) return false;
    keep_lease_();
    tables_.sessions.resume(writer_.session);
    return true;
}

std::vector<Ledger::Carried> Ledger::take_outcomes() {
    const std::lock_guard lock(queueing_);
    return std::exchange(outcomes_, {});
}

void Ledger::give_back(std::vector<Carried> outcomes) {
    for (Carried& carried : outcomes)
        carried.is_doubtful = true;
    const std::lock_guard lock(queueing_);
    outcomes_.insert(outcomes_.begin(), std::make_move_iterator(outcomes.begin()),
                     std::make_move_iterator(outcomes.end()));
}

}  // namespace approvekit::sqlite
