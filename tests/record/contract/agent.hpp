#pragma once

#include "record/contract/engines.hpp"
#include "support/audit_events.hpp"
#include "support/error_code_of.hpp"
#include "support/held_request.hpp"

#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace approvekit::contract {

/// An agent's storage with a request that waits, and other storages on the same record.
struct Agent {
    explicit Agent(std::unique_ptr<Engine> kind) : engine(std::move(kind)) {}

    ApprovalRequest submitted() const {
        const ApprovalRequest held = held_request(*engine->clock);
        storage->submit(held);
        return held;
    }

    void approve() const { storage->decide(decision_on(request, Verdict::approve)); }
    void approve(const ApprovalRequest& other) const { storage->decide(decision_on(other, Verdict::approve)); }
    [[nodiscard]] std::string claim() const { return claim(request); }
    [[nodiscard]] std::string claim(const ApprovalRequest& other) const {
        return storage->claim({other.id, other.view_digest, {}});
    }
    /// How a claim is refused. The test fails if it is not.
    [[nodiscard]] ErrorCode refused_claim() const {
        return error_code_of([&] { static_cast<void>(claim()); });
    }
    /// The error that another reviewer gets who comes after all of it.
    [[nodiscard]] ErrorCode late_approval() const {
        Decision late = decision_on(request, Verdict::approve);
        late.reviewer = "bob";
        return error_code_of([&] { storage->decide(late); });
    }

    /// Reports how the call that was claimed as `entry_id` ended, and makes it durable.
    void finish(const std::string& entry_id, RunState state, const std::string& note = {}) const {
        storage->finish({.entry_id = entry_id,
                         .request_id = request.id,
                         .tool_name = request.tool_name,
                         .state = state,
                         .note = note});
        storage->flush();
    }
    void execute() const {
        approve();
        finish(claim(), RunState::executed);
    }

    /// Changes the row as another program.
    void edit(const std::function<void(Row&)>& change, Write how = Write::update) const {
        Row row = engine->row(request.id).value();
        change(row);
        engine->write(request.id, row, how);
    }
    void set_status(const std::string& status) const {
        edit([&](Row& row) { row.status = status; });
    }
    void set_back_to_pending(Write how = Write::update) const {
        const auto as_at_first = [](Row& row) {
            row.status = "pending";
            row.reviewed_at.reset();
            row.reviewer_notes.reset();
        };
        Row row = engine->row(request.id).value();
        as_at_first(row);
        if (how == Write::insert) engine->remove(request.id);
        engine->write(request.id, row, how);
    }

    [[nodiscard]] ApprovalRequest found() const { return *storage->find(request.id); }
    [[nodiscard]] Json shown() const { return to_json_view(found()); }
    [[nodiscard]] std::size_t pending() const { return storage->list({}).requests.size(); }
    [[nodiscard]] AuditEvents events() const { return audit_events(*storage); }
    [[nodiscard]] AuditEntry last_entry() const {
        storage->flush();
        return storage->audit({}).entries.front();
    }
    [[nodiscard]] bool is_intact() const { return storage->verify_audit().intact(); }

    std::unique_ptr<Engine> engine;
    std::unique_ptr<Storage> storage = engine->open();
    ApprovalRequest request = submitted();
};

}  // namespace approvekit::contract
