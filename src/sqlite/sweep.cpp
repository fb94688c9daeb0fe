#include "sqlite/transitions.hpp"

namespace approvekit::sqlite {

namespace {

constexpr const char* came_back_reason = "its row was gone, and another program put it back";

/// What another program made of a final state, in a sentence: what stands in a row may be anything.
std::string change_of(const std::string& state, const std::string& text) {
    if (state == "rejected" && text == "approved") return "rejection turned into an approval by another program";
    return "another program set its status to " +
           (parse_approval_status(text) ? text : std::string("a word that is no status"));
}

}  // namespace

bool Transitions::is_overdue(const StoredRequest& stored) const {
    if (!stored.request.ours) return false;
    if (!stored.request.deadline || *stored.request.deadline <= moment_.now) return true;
    return stored.boot_id == writer_.self.boot_id && stored.boot_deadline <= moment_.since_boot.count();
}

bool Transitions::agent_is_gone(const StoredRequest& stored) {
    if (!stored.request.ours || stored.session == writer_.session) return false;
    const LeaseProbe probe(writer_.database, writer_.self);
    for (const StoredSession& session : tables_.sessions.open()) {
        if (session.number == stored.session) return probe.is_gone(session.agent, session.number, moment_.now);
    }
    return true;
}

std::size_t Transitions::sweep(const std::vector<StoredSession>& gone) {
    std::size_t ended = 0;
    for (const std::string& id : tables_.requests.reopened()) {
        if (auto found = tables_.requests.find(id)) restore(*found);
    }
    for (const std::string& id : tables_.holds.due(moment_.text, writer_.self.boot_id, moment_.since_boot)) {
        if (sweep_one(id, false)) ++ended;
    }
    for (const StoredSession& session : gone) {
        // Somebody else may have swept it since it was found gone.
        if (!tables_.sessions.is_open(session.number)) continue;
        for (const std::string& id : tables_.holds.open_of(session.number)) {
            if (sweep_one(id, true)) ++ended;
        }
        sweep_session(session);
    }
    return ended;
}

bool Transitions::sweep_one(const std::string& id, bool agent_is_gone) {
    auto found = tables_.requests.find(id);
    if (!found) {
        abandon(id, row_gone_reason, "sweep");
        return true;
    }
    StoredRequest& stored = *found;
    if (restore(stored) && !stored.is_open) return true;
    if (stored.request.run == RunState::running) {
        mark_unknown(stored);
    } else if (stored.request.status == ApprovalStatus::pending) {
        settle(stored, ApprovalStatus::timeout, {"", "sweep"}, agent_is_gone ? gone_reason : overdue_reason);
    } else {
        adopt_foreign_decision(stored);
        if (!stored.is_open) return true;
        refuse(stored, agent_is_gone ? "approved, but the agent was gone before the call started"
                                     : "approved, but not started by the deadline");
    }
    return true;
}

bool Transitions::restore(StoredRequest& stored) {
    const std::string id = stored.request.id;
    const auto entry = tables_.audit.settlement(id);
    if (!entry) {
        const bool came_back =
            stored.request.status == ApprovalStatus::pending && stored.request.ours && !stored.is_open;
        if (came_back) settle(stored, ApprovalStatus::cancelled, {"", "database"}, came_back_reason);
        return came_back;
    }
    const std::string state(to_string(entry->event));
    if (stored.status_text == state) return false;
    const std::string reason = change_of(state, stored.status_text) + "; it is " + state + " as before";
    audit_end(stored, AuditEvent::refused, {"", "database"}, reason);
    tables_.requests.settle(id, *parse_approval_status(state), entry->timestamp, entry->notes);
    if (stored.is_open && stored.request.run == RunState::none) {
        tables_.holds.close(id, RunState::none, reason, moment_.text);
    }
    announce(id, *parse_approval_status(state));
    stored = reread(id);
    return true;
}

void Transitions::sweep_session(const StoredSession& session) {
    for (const OpenIntent& intent : tables_.audit.open_intents(session.number, session.first_entry)) {
        RunOutcome outcome;
        outcome.entry_id = intent.entry_id;
        outcome.request_id = intent.request_id;
        outcome.tool_name = intent.tool_name;
        outcome.note = "the agent died while the tool may have been running";
        audit_outcome(outcome, AuditEvent::unknown, "sweep");
    }
    tables_.sessions.end(session.number, moment_.text);
}

void Transitions::close_session() {
    for (const std::string& id : tables_.holds.open_of(writer_.session)) {
        auto stored = tables_.requests.find(id);
        if (!stored || restore(*stored) || stored->request.status != ApprovalStatus::pending) {
            sweep_one(id, true);
        } else {
            settle(*stored, ApprovalStatus::cancelled, {"", "agent"}, "the agent closed its storage");
        }
    }
    tables_.sessions.end(writer_.session, moment_.text);
}

}  // namespace approvekit::sqlite
