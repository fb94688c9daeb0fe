#include "record/explorer/site.hpp"

#include "approvekit/digest.hpp"
#include "support/held_request.hpp"

#include <chrono>
#include <set>
#include <utility>

namespace approvekit::explorer {

namespace {

/// How `work` ended.
template <typename Work>
Outcome outcome_of(Work work) {
    try {
        work();
        return std::nullopt;
    } catch (const Error& error) {
        return error.code();
    }
}

Decision decision_in(Step step, const ApprovalRequest& request) {
    Decision decision = decision_on(request, is_approval(step) ? Verdict::approve : Verdict::reject, "");
    decision.reviewer = is_by_ana(step) ? "ana" : "bob";
    return decision;
}

std::string text_of(const memory::RequestRow& row) {
    return row.status + row.tool_args + '|';
}

std::string text_of(const memory::BindingRow& row) {
    return (row.run.is_open ? "open " : "closed ") + std::string(to_string(row.run.state)) + " of " +
           std::to_string(row.binding.session) + " until " + std::to_string(row.binding.boot_deadline) + '|';
}

std::string text_of(const record::AuditRecord& record) {
    const std::string session = record.event == AuditEvent::resumed ? std::to_string(record.session) : "";
    return std::string(to_string(record.event)) + '/' + record.way + '/' + record.reviewer + session + '|';
}

KeyedCall call_about(const ApprovalRequest& request) {
    KeyedCall call;
    call.key = "k-1";
    call.tool_name = request.tool_name;
    call.commitments = {{"", "true arguments"}};
    call.is_same = [](const ApprovalRequest& stored) {
        return !stored.submitted && view_digest(stored) == stored.view_digest;
    };
    return call;
}

/// What the agent is told; nothing when the request is its own from now on.
Outcome outcome_of(const KeyedAnswer& answer) {
    switch (answer.kind) {
        case KeyedAnswer::Kind::accepted:
        case KeyedAnswer::Kind::taken_over:
            return std::nullopt;
        case KeyedAnswer::Kind::in_use:
            return ErrorCode::key_in_use;
        case KeyedAnswer::Kind::conflict:
            return ErrorCode::key_conflict;
        case KeyedAnswer::Kind::ask_again:
            return ErrorCode::not_found;
        default:
            return ErrorCode::already_ran;
    }
}

void finish(Storage& storage, const ApprovalRequest& request, const std::string& entry_id) {
    storage.finish({.entry_id = entry_id,
                    .request_id = request.id,
                    .tool_name = request.tool_name,
                    .state = RunState::executed,
                    .note = {}});
    storage.flush();
}

/// What nothing but verifying looks at.
std::string details_of(const memory::State& state) {
    std::set<std::string> told;
    for (const auto& entry : state.entries) {
        told.insert(text_of(entry->record) + entry->record.timestamp + entry->record.notes.value_or("-"));
    }
    std::string text;
    for (const std::string& each : told)
        text += each;
    for (const auto& [id, row] : state.requests)
        text += row.reviewed_at.value_or("-") + row.reviewer_notes.value_or("-");
    for (const auto& [id, row] : state.bindings)
        text += row->run.started_at + row->finished_at.value_or("-") + row->note;
    return text;
}

}  // namespace

ApprovalRequest request_at(const Clock& clock) {
    return held_request(clock);
}

Outcome take_as_agent(Step step, Storage& storage, ApprovalRequest& request, std::string& entry_id) {
    return outcome_of([&] {
        if (step == Step::submit) storage.submit(request);
        if (step == Step::claim) entry_id = storage.claim({request.id, request.view_digest, {}});
        if (step == Step::give_up) storage.end(request.id, ApprovalStatus::cancelled, "enough");
        if (step == Step::finish) finish(storage, request, entry_id);
    });
}

Outcome take_as_other_agent(Step step, Storage& storage, const ApprovalRequest& request, std::string& entry_id) {
    Outcome told;
    const Outcome failed = outcome_of([&] {
        // Asking anew would be about another request, so it does not.
        if (step == Step::other_asks) told = outcome_of(storage.submit(request, call_about(request)));
        if (step == Step::other_claims) entry_id = storage.claim({request.id, request.view_digest, {}});
        if (step == Step::other_finishes) finish(storage, request, entry_id);
    });
    return failed ? failed : told;
}

Outcome take_as_other(Step step, Storage& storage, const ApprovalRequest& request) {
    return outcome_of([&] {
        if (step == Step::sweep) {
            storage.sweep();
        } else {
            storage.decide(decision_in(step, request));
        }
    });
}

void move_clock(Step step, testing::SettableClock& clock) {
    if (step == Step::deadline_nears) clock.pass(std::chrono::seconds(50));
    if (step == Step::deadline_passes) clock.pass(std::chrono::seconds(61));
    if (step == Step::clock_is_set_back) clock.set_back(std::chrono::hours(1));
}

void write_row(Step step, memory::RequestRow& row) {
    if (step == Step::row_says_approved) row.status = "approved";
    if (step == Step::row_says_rejected) row.status = "rejected";
    if (step == Step::row_says_pending) row.status = "pending";
    if (step == Step::row_says_nonsense) row.status = "APPROVED";
    if (step == Step::row_says_other_arguments) row.tool_args = R"({"to":"eve@example.com"})";
}

Seen look_through(Storage& storage, const ApprovalRequest& submitted) {
    Seen seen;
    if (const auto found = storage.find(submitted.id)) {
        seen.has_row = true;
        seen.status = to_string(found->status);
        seen.run = found->run;
        seen.shows_submitted = found->tool_args == submitted.tool_args;
    }
    seen.entries =
        storage.audit({.request_id = submitted.id, .limit = 200, .cursor = "", .oldest_first = true}).entries;
    seen.fault = storage.verify_audit().fault;
    return seen;
}

MemorySite::MemorySite(Key key)
    : database_(std::make_shared<memory::Database>(memory::Database::Options{.clock = clock_, .attempts = 1})),
      ana_(database_),
      bob_(database_),
      request_(request_at(*clock_)),
      key_(key) {
    start_agent(false);
}

void MemorySite::start_agent(bool was_resumed) {
    if (agent_) agent_->die();
    if (other_agent_) other_agent_->die();
    database_->restore({});
    agent_ = std::make_unique<memory::MemoryStorage>(database_);
    const Intent denied{"rm", "{}", "{}", "denied by policy"};
    const auto speak = [&] { agent_->record_denial(denied); };
    speak();
    if (key_ == Key::some) {
        other_agent_ = std::make_unique<memory::MemoryStorage>(database_);
        other_agent_->record_denial(denied);
    }
    was_resumed_ = was_resumed;
    if (!was_resumed) return;
    database_->change([](memory::State& state) { state.sessions.begin()->second.ended_at = ""; });
    speak();
}

bool MemorySite::is_session_ended() const {
    return database_->snapshot().sessions.begin()->second.ended_at.has_value();
}

Outcome MemorySite::take(Step step) {
    if (is_of_agent(step)) return take_as_agent_here(step);
    if (is_of_other_agent(step)) return take_as_other_agent(step, *other_agent_, request_, other_entry_id_);
    if (step <= Step::sweep) return take_as_other(step, is_by_ana(step) ? ana_ : bob_, request_);
    if (step == Step::agent_dies || step == Step::agent_falls_silent) agent_->stop_showing_life();
    if (step == Step::other_dies) other_agent_->stop_showing_life();
    move_clock(step, *clock_);
    take_as_another_program(step);
    return std::nullopt;
}

Outcome MemorySite::take_as_agent_here(Step step) {
    agent_->show_life();
    was_resumed_ = was_resumed_ || is_session_ended();
    if (step == Step::submit) request_ = request_at(*clock_);
    if (step == Step::submit && key_ == Key::some) return outcome_of(agent_->submit(request_, call_about(request_)));
    if (step != Step::close) return take_as_agent(step, *agent_, request_, entry_id_);
    agent_->end_session();
    return std::nullopt;
}

void MemorySite::take_as_another_program(Step step) {
    database_->change([&](memory::State& state) {
        const auto row = state.requests.find(request_.id);
        if (step == Step::row_comes_back) {
            state.requests[request_.id] = removed_.value();
        } else if (step == Step::row_is_removed) {
            removed_ = row->second;
            state.requests.erase(row);
        } else if (row != state.requests.end()) {
            write_row(step, row->second);
        }
    });
}

Seen MemorySite::look() {
    return look_through(bob_, request_);
}

MemorySite::Place MemorySite::place() const {
    return {database_->snapshot(), request_,      entry_id_,           other_entry_id_, removed_,
            was_resumed_,          clock_->now(), clock_->since_boot()};
}

void MemorySite::return_to(const Place& place) {
    start_agent(place.was_resumed);
    database_->restore(place.state);
    request_ = place.request;
    entry_id_ = place.entry_id;
    other_entry_id_ = place.other_entry_id;
    removed_ = place.removed;
    clock_->set(place.now, place.since_boot);
}

std::string MemorySite::key(bool exact) const {
    const memory::State state = database_->snapshot();
    std::string key = to_text(clock_->now()) + std::to_string(clock_->since_boot().count()) + '|';
    for (const auto& [id, row] : state.requests)
        key += text_of(row);
    for (const auto& [id, row] : state.bindings)
        key += text_of(*row);
    if (removed_ && state.requests.empty()) key += "removed " + text_of(*removed_);
    if (!state.decisions.empty()) {
        const record::StoredDecision& last = *state.decisions.back();
        key += last.decision.reviewer + last.decided_at + '|';
    }
    for (const auto& [number, session] : state.sessions)
        key += session.ended_at ? "ended " : "open ";
    for (const std::int64_t living : state.living)
        key += std::to_string(living) + " lives|";
    key += was_resumed_ ? "resumed|" : "";
    // Who looks at entries asks for the first one that settles, whether one refuses, and whether one ends the run.
    std::set<std::string> told;
    for (const auto& entry : state.entries)
        told.insert(text_of(entry->record));
    for (const std::string& text : told)
        key += text;
    return exact ? key + details_of(state) : key;
}

}  // namespace approvekit::explorer
