#include "record/sweep.hpp"
#include "record/ways.hpp"

namespace approvekit::record {

std::size_t Sweep::run(const std::vector<std::int64_t>& gone) {
    std::size_t ended = 0;
    for (const std::string& id : work_.tables.requests.reopened()) {
        if (auto found = work_.tables.requests.find(id)) endings_.restore(*found);
    }
    for (const std::string& id : work_.tables.bindings.due(work_.moment)) {
        end(id, false);
        ++ended;
    }
    for (const std::int64_t session : gone) {
        // Somebody else may have swept it since it was found gone.
        if (!work_.tables.sessions.is_open(session)) continue;
        for (const std::string& id : work_.tables.bindings.open_of(session)) {
            end(id, true);
            ++ended;
        }
        end_session(session);
    }
    return ended;
}

void Sweep::end(const std::string& id, bool agent_is_gone) {
    auto found = work_.tables.requests.find(id);
    if (!found) {
        const auto run = work_.tables.bindings.run_of(id);
        return run && run->state == RunState::running ? endings_.mark_unknown(id) : endings_.abandon(id, way::sweep);
    }
    StoredRequest& stored = *found;
    if (endings_.restore(stored) && !stored.is_open) return;
    if (stored.request.run == RunState::running) return endings_.mark_unknown(id);
    if (stored.request.status == ApprovalStatus::pending) {
        const char* const reason = agent_is_gone ? gone_reason : overdue_reason;
        return endings_.settle(stored, ApprovalStatus::timeout, {"", way::sweep}, reason);
    }
    endings_.adopt_foreign_decision(stored);
    if (!stored.is_open) return;
    endings_.refuse(stored,
                    agent_is_gone ? "approved, but the agent was gone before the call started" : unstarted_reason);
}

void Sweep::end_session(std::int64_t session) {
    for (const OpenIntent& intent : work_.tables.entries.open_intents(session)) {
        RunOutcome outcome;
        outcome.entry_id = intent.entry_id;
        outcome.request_id = intent.request_id;
        outcome.tool_name = intent.tool_name;
        outcome.note = death_reason;
        audit_.outcome(outcome, AuditEvent::unknown, way::sweep);
    }
    work_.tables.sessions.end(session, work_.moment.text);
}

void Sweep::close_session() {
    for (const std::string& id : work_.tables.bindings.open_of(work_.session)) {
        auto stored = work_.tables.requests.find(id);
        if (!stored || endings_.restore(*stored) || stored->request.status != ApprovalStatus::pending) {
            end(id, true);
        } else {
            endings_.settle(*stored, ApprovalStatus::cancelled, {"", way::agent}, "the agent closed its storage");
        }
    }
    work_.tables.sessions.end(work_.session, work_.moment.text);
}

}  // namespace approvekit::record
