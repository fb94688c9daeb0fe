#include "record/explorer/site.hpp"

#include "approvekit/digest.hpp"
#include "approvekit/limit_use.hpp"
#include "approvekit/metadata_keys.hpp"
#include "support/held_request.hpp"

#include <chrono>
#include <stdexcept>
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
    decision.reviewer = reviewer_in(step);
    if (step == Step::ana_approves_again) decision.notes = "again";
    decision.edits = edits_for(version_in(step));
    return decision;
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

/// What the agent is told; nothing if the request belongs to it from now on.
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

LimitUse one_use() {
    LimitUse use;
    use.limit = "payments";
    use.amount = 1;
    use.most = most_used;
    use.per = time_of_use;
    use.beyond = Beyond::deny;
    return use;
}

StartedCall claim(Storage& storage, const ApprovalRequest& request) {
    const LimitUse use = one_use();
    StartedCall call;
    Claim claim{request.id, request.view_digest, {}};
    if (request.metadata.contains(limit_key)) claim.use = &use;
    claim.take_edits = [&](const Decision* decision) {
        call.taken = decision == nullptr ? Version::asked : version_of(decision->edits);
    };
    call.entry_id = storage.claim(claim);
    return call;
}

std::string spend(Storage& storage) {
    const LimitUse use = one_use();
    const std::string metadata = Json{{limit_key, to_json_view(use, false)}}.dump();
    return storage.record_intent({"pay", "{}", metadata, "auto-approved by policy", "other", &use});
}

void resume(Storage& storage) {
    const std::vector<Stop> stops = storage.stops(StopList::all);
    storage.resume(stops.empty() ? "gone" : stops.front().id, "ana", "terminal");
}

/// The row of a stop after another program changed it; null if it was removed.
std::shared_ptr<const record::StoredStop> forged(Step step, const record::StoredStop& stop) {
    if (step == Step::stop_is_removed) return nullptr;
    auto row = std::make_shared<record::StoredStop>(stop);
    if (step == Step::stop_is_narrowed) row->stop.tool = "nothing";
    if (step != Step::stop_says_lifted) return row;
    row->ended_at = row->since;
    row->stop.ended_at = row->stop.since;
    row->stop.ended_by = "eve";
    row->stop.ended_way = "web";
    return row;
}

}  // namespace

ApprovalRequest request_at(const Clock& clock, Setting setting) {
    ApprovalRequest request = held_request(clock);
    if (setting == Setting::with_votes || setting == Setting::with_voted_edits) {
        request.metadata[quorum_key] = {{approvals_key, 2}, {reviewers_key, {"ana", "bob"}}};
    }
    if (setting == Setting::with_edits || setting == Setting::with_voted_edits)
        request.metadata[allow_edit_key] = {edited_path};
    if (setting == Setting::with_limit) request.metadata[limit_key] = to_json_view(one_use(), false);
    request.view_digest = view_digest(request);
    return request;
}

Outcome take_as_agent(Step step, Storage& storage, ApprovalRequest& request, StartedCall& call) {
    return outcome_of([&] {
        if (step == Step::submit) storage.submit(request);
        if (step == Step::claim) call = claim(storage, request);
        if (step == Step::give_up) storage.end(request.id, ApprovalStatus::cancelled, "enough");
        if (step == Step::finish) finish(storage, request, call.entry_id);
    });
}

Outcome take_as_other_agent(Step step, Storage& storage, const ApprovalRequest& request, std::string& entry_id) {
    Outcome told;
    const Outcome failed = outcome_of([&] {
        // Asking again would be about another request, so it does not do that.
        if (step == Step::other_asks) told = outcome_of(storage.submit(request, call_about(request)));
        if (step == Step::other_claims) entry_id = storage.claim({request.id, request.view_digest, {}});
        if (step == Step::other_finishes) finish(storage, request, entry_id);
    });
    return failed ? failed : told;
}

Outcome take_as_spender(Step step, Storage& storage, std::string& entry_id) {
    return outcome_of([&] {
        if (step == Step::other_spends) entry_id = spend(storage);
        if (step != Step::other_gives_back) return;
        storage.not_started({entry_id, std::string(auto_request_id), "pay", "not started: a test"});
        storage.flush();
    });
}

Outcome take_as_other(Step step, Storage& storage, const ApprovalRequest& request) {
    return outcome_of([&] {
        if (step == Step::sweep) storage.sweep();
        if (step == Step::stop) storage.stop({.reason = "a test"}, "ana", "terminal");
        if (step == Step::resume) resume(storage);
        if (is_decision(step)) storage.decide(decision_in(step, request));
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

MemorySite::MemorySite(Setting setting)
    : database_(std::make_shared<memory::Database>(memory::Database::Options{.clock = clock_, .attempts = 1})),
      ana_(database_),
      bob_(database_),
      request_(request_at(*clock_, setting)),
      setting_(setting) {
    start_agent(false, nullptr);
}

void MemorySite::start_agent(bool was_resumed, const std::shared_ptr<const record::StoredStop>& met) {
    if (agent_) agent_->die();
    if (other_agent_) other_agent_->die();
    database_->restore({});
    agent_ = std::make_unique<memory::MemoryStorage>(database_);
    const Intent denied{"rm", "{}", "{}", "denied by policy"};
    const auto speak = [&] { agent_->record_denial(denied); };
    speak();
    if (setting_ == Setting::with_key || setting_ == Setting::with_limit) {
        other_agent_ = std::make_unique<memory::MemoryStorage>(database_);
        other_agent_->record_denial(denied);
    }
    was_resumed_ = was_resumed;
    if (was_resumed) {
        database_->change([](memory::State& state) { state.sessions.begin()->second.ended_at = ""; });
        speak();
    }
    met_ = met;
    if (met == nullptr) return;
    database_->change([&](memory::State& state) { state.stops.push_back(met); });
    const Outcome refused = outcome_of([&] { static_cast<void>(agent_->record_intent(denied)); });
    if (refused != ErrorCode::stopped) throw std::logic_error("the agent does not meet the stop");
}

bool MemorySite::is_session_ended() const {
    return database_->snapshot().sessions.begin()->second.ended_at.has_value();
}

Outcome MemorySite::take(Step step) {
    if (is_of_agent(step)) return take_as_agent_here(step);
    if (is_of_other_agent(step)) return take_as_other_agent(step, *other_agent_, request_, other_entry_id_);
    if (is_of_spender(step)) return take_as_spender(step, *other_agent_, other_entry_id_);
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
    if (step == Step::submit) request_ = request_at(*clock_, setting_);
    if (step == Step::submit && setting_ == Setting::with_key)
        return outcome_of(agent_->submit(request_, call_about(request_)));
    if (step != Step::close) {
        const Outcome outcome = take_as_agent(step, *agent_, request_, call_);
        // Nobody has forged it yet; otherwise the agent has known it before.
        if (outcome == ErrorCode::stopped && !met_) met_ = database_->snapshot().stops.front();
        return outcome;
    }
    agent_->end_session();
    return std::nullopt;
}

void MemorySite::take_as_another_program(Step step) {
    database_->change([&](memory::State& state) {
        if (changes_row(step)) change_row(step, state);
        if (forges_votes(step)) forge_votes(step, state);
        if (forges_edits(step)) forge_edits(step, state);
        if (!forges_stop(step)) return;
        const auto row = forged(step, *state.stops.front());
        state.stops.clear();
        if (row) state.stops.push_back(row);
    });
}

void MemorySite::change_row(Step step, memory::State& state) {
    const auto row = state.requests.find(request_.id);
    if (step == Step::row_comes_back) {
        state.requests[request_.id] = removed_.value();
    } else if (step == Step::row_is_removed) {
        removed_ = row->second;
        state.requests.erase(row);
    } else {
        write_row(step, row->second);
    }
}

void MemorySite::forge_votes(Step step, memory::State& state) const {
    if (step == Step::votes_are_removed) state.votes.clear();
    if (step == Step::vote_is_copied) state.votes.push_back(state.votes.back());
    if (step != Step::vote_is_planted) return;
    record::StoredDecision planted{decision_in(Step::bob_approves, request_), to_text(clock_->now()), ""};
    planted.decision.view_digest = request_.view_digest;
    state.votes.push_back(std::make_shared<record::StoredDecision>(planted));
}

void MemorySite::forge_edits(Step step, memory::State& state) {
    for (auto& entry : state.entries) {
        if (entry->record.metadata.find(edited_key) == std::string::npos) continue;
        auto forged = std::make_shared<memory::EntryRow>(*entry);
        forged->record.metadata = with_forged_edits(step, forged->record.metadata);
        entry = std::move(forged);
    }
}

Seen MemorySite::look() {
    Seen seen = look_through(bob_, request_);
    seen.taken = call_.taken;
    return seen;
}

MemorySite::Place MemorySite::place() const {
    return {database_->snapshot(), request_, call_,         other_entry_id_,     removed_,
            was_resumed_,          met_,     clock_->now(), clock_->since_boot()};
}

void MemorySite::return_to(const Place& place) {
    start_agent(place.was_resumed, place.met);
    database_->restore(place.state);
    request_ = place.request;
    call_ = place.call;
    other_entry_id_ = place.other_entry_id;
    removed_ = place.removed;
    clock_->set(place.now, place.since_boot);
}

}  // namespace approvekit::explorer
