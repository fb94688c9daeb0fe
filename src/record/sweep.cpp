#include "record/sweep.hpp"

namespace approvekit::record {

bool is_overdue(const StoredRequest& stored, const Moment& moment) noexcept {
    if (!stored.request.ours) return false;
    if (!stored.request.deadline || *stored.request.deadline <= moment.now) return true;
    return stored.boot_id == moment.boot_id && stored.boot_deadline <= moment.since_boot.count();
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
    for (const std::int64_t session : gone) {
        // Somebody else may have swept it since it was found gone.
        if (!work_.tables.sessions.is_open(session)) continue;
        for (const std::string& id : work_.tables.bindings.open_of(session)) {
            if (end(id, true)) ++ended;
        }
        end_session(session);
    }
    return ended;
}

bool Sweep::end(const std::string& id, bool agent_is_gone) {
    auto found = work_.tables.requests.find(id);
    if (!found) {
        const auto run = work_.tables.bindings.run_of(id);
        run && run->state == RunState::running ? endings_.mark_unknown(id) : endings_.abandon(id, "sweep");
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
        endings_.settle(stored, ApprovalStatus::timeout, {"", "sweep"}, reason);
    } else {
        end_decided(stored, agent_is_gone);
    }
    return true;
}

void Sweep::end_decided(StoredRequest& stored, bool agent_is_gone) {
    endings_.adopt_foreign_decision(stored);
    if (!stored.is_open) return;
    endings_.refuse(stored, agent_is_gone ? "approved, but the agent was gone before the call started"
                                          : "approved, but not started by the deadline");
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
        audit_.outcome(outcome, AuditEvent::unknown, "sweep");
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
            endings_.settle(*stored, ApprovalStatus::cancelled, {"", "agent"}, "the agent closed its storage");
        }
    }
    work_.tables.keys.lose(work_.session, death_reason);
    work_.tables.sessions.end(work_.session, work_.moment.text);
}

}  // namespace approvekit::record
