#include "record/sweep.hpp"
#include "record/grant_control.hpp"
#include "record/start_window.hpp"
#include "record/ways.hpp"

#include <algorithm>

namespace approvekit::record {

bool is_anything_overdue(Tables& tables, const Moment& moment) {
    if (!tables.bindings.due(moment).empty()) return true;
    const std::vector<std::string> decided = tables.bindings.decided_before(moment);
    return std::any_of(decided.begin(), decided.end(), [&](const std::string& id) {
        const auto found = tables.requests.find(id);
        return !found || is_overdue(*found, moment);
    });
}

std::size_t Sweep::run(const std::vector<std::int64_t>& gone) {
    std::size_t ended = 0;
    for (const std::string& id : work_.tables.requests.reopened()) {
        if (auto found = work_.tables.requests.find(id)) endings_.restore(*found);
    }
    for (const std::string& id : work_.tables.bindings.due(work_.moment)) {
        static_cast<void>(end(id, false));
        ++ended;
    }
    for (const std::string& id : work_.tables.bindings.decided_before(work_.moment)) {
        const auto found = work_.tables.requests.find(id);
        if ((!found || is_overdue(*found, work_.moment)) && end(id, false)) ++ended;
    }
    for (const std::int64_t session : gone) {
        // After it was found gone, somebody else may have swept it, or its agent may have shown that it is alive.
        if (!work_.tables.sessions.is_open(session) || !work_.transaction.is_gone(session)) continue;
        for (const std::string& id : work_.tables.bindings.open_of(session)) {
            if (end(id, true)) ++ended;
        }
        end_session(session);
    }
    for (const std::string& id : work_.tables.bindings.left_in_other_boots(work_.moment.boot_id)) {
        if (take_into_boot(id)) ++ended;
    }
    return ended;
}

bool Sweep::take_into_boot(const std::string& id) {
    const auto found = work_.tables.requests.find(id);
    if (found && has_lost_its_time(*found, work_.moment)) return end(id, false);
    if (found) keep_deadline(*found);
    return false;
}

void Sweep::keep_deadline(const StoredRequest& stored) {
    const Moment& moment = work_.moment;
    if (stored.boot_id == moment.boot_id) return;
    const Time start = start_of_time(stored);
    const Time end = end_of_time(stored).value_or(start);
    const auto left = std::min(end - moment.now, end - start);
    work_.tables.bindings.keep_deadline_in(moment.boot_id, stored.request.id, (moment.since_boot + left).count());
}

bool Sweep::end(const std::string& id, bool agent_is_gone) {
    auto found = work_.tables.requests.find(id);
    if (!found) {
        const auto run = work_.tables.bindings.run_of(id);
        run && run->state == RunState::running ? endings_.mark_unknown(id) : endings_.abandon(id, way::sweep);
        return true;
    }
    StoredRequest& stored = *found;
    if (endings_.restore(stored) && !stored.is_open) return true;
    if (stored.request.run == RunState::running) {
        endings_.mark_unknown(id);
    } else if (agent_is_gone && outlives_agent(stored)) {
        endings_.release(id, stored.request.status);
        return false;
    } else if (stored.request.status == ApprovalStatus::pending) {
        const char* const reason = agent_is_gone ? gone_reason : overdue_reason;
        endings_.settle(stored, ApprovalStatus::timeout, {"", way::sweep}, reason);
    } else {
        end_decided(stored, agent_is_gone);
    }
    return true;
}

void Sweep::end_decided(StoredRequest& stored, bool agent_is_gone) {
    endings_.adopt_foreign_decision(stored);
    if (!stored.is_open) return;
    endings_.refuse(stored,
                    agent_is_gone ? "approved, but the agent was gone before the call started" : unstarted_reason);
}

bool Sweep::outlives_agent(const StoredRequest& stored) {
    const ApprovalStatus status = stored.request.status;
    const bool may_start = status == ApprovalStatus::pending || status == ApprovalStatus::approved;
    return may_start && stored.is_open && work_.tables.keys.has_request(stored.request.id);
}

void Sweep::end_session(std::int64_t session) {
    for (const OpenIntent& intent : work_.tables.entries.open_intents(session)) {
        RunOutcome outcome;
        outcome.entry_id = intent.entry_id;
        outcome.request_id = intent.request_id;
        outcome.tool_name = intent.tool_name;
        outcome.note = death_reason;
        if (const auto entry = work_.tables.entries.find_intent(intent.entry_id))
            outcome.grant = grant_named_in(entry->metadata);
        audit_.outcome(outcome, AuditEvent::unknown, way::sweep);
    }
    work_.tables.keys.lose(session, death_reason);
    work_.tables.sessions.end(session, work_.moment.text);
}

void Sweep::close_session() {
    for (const std::string& id : work_.tables.bindings.open_of(work_.session)) {
        auto stored = work_.tables.requests.find(id);
        const bool is_pending =
            stored && !endings_.restore(*stored) && stored->request.status == ApprovalStatus::pending;
        if (!is_pending || outlives_agent(*stored)) {
            static_cast<void>(end(id, true));
        } else {
            endings_.settle(*stored, ApprovalStatus::cancelled, {"", way::agent}, "the agent closed its storage");
        }
    }
    work_.tables.keys.lose(work_.session, death_reason);
    work_.tables.sessions.end(work_.session, work_.moment.text);
}

}  // namespace approvekit::record
