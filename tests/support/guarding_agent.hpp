#pragma once

#include "approvekit/approvekit.hpp"
#include "approvekit/sqlite_storage.hpp"
#include "support/audit_events.hpp"
#include "support/eventually.hpp"
#include "support/other_program.hpp"
#include "support/scratch_database.hpp"

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

/// An agent that may call its tool "free" at once and asks before "held".
struct GuardingAgent : ScratchDatabase {
    std::shared_ptr<approvekit::SqliteStorage> storage =
        std::make_shared<approvekit::SqliteStorage>(path, shared_with_others());
    approvekit::ApproveKit kit{approvekit::Policy().add_rule(rule("free", false)).add_rule(rule("held", true)),
                               storage};

    static approvekit::PolicyRule rule(const std::string& tool, bool require_approval,
                                       std::chrono::seconds timeout = std::chrono::seconds{30}) {
        approvekit::PolicyRule rule;
        rule.tool = tool;
        rule.require_approval = require_approval;
        rule.timeout = timeout;
        return rule;
    }

    [[nodiscard]] AuditEvents events() const { return audit_events(*storage); }

    [[nodiscard]] approvekit::AuditEntry last_entry() const {
        storage->flush();
        return storage->audit({}).entries.at(0);
    }

    /// Waits for the next request.
    [[nodiscard]] approvekit::ApprovalRequest pending() const {
        std::vector<approvekit::ApprovalRequest> waiting;
        if (!eventually([&] { return !(waiting = storage->list({}).requests).empty(); })) {
            throw std::runtime_error("nothing waits");
        }
        return std::move(waiting.front());
    }
};
