#pragma once

#include "record/contract/engines.hpp"
#include "support/audit_events.hpp"
#include "support/held_request.hpp"

#include <functional>
#include <memory>
#include <string>

/// A request with the key k-1, on an empty record of some engine.
namespace approvekit::contract {

using Kind = KeyedAnswer::Kind;

inline KeyedCall call_with(const std::string& digest = "true arguments", const std::string& secret_id = "") {
    KeyedCall call;
    call.key = "k-1";
    call.tool_name = "send_email";
    call.commitments = {{secret_id, digest}};
    call.is_same = [](const ApprovalRequest& stored) { return stored.view_digest == view_digest(stored); };
    return call;
}

/// A request that was submitted with a key.
struct Keyed {
    explicit Keyed(std::unique_ptr<Engine> kind)
        : engine(std::move(kind)), storage(engine->open()), request(held_request(*engine->clock)) {}

    /// Submits it as an agent that is then gone, after `more`.
    void leave(const std::function<void(Storage&)>& more = [](Storage&) {}) const {
        engine->in_killed_agent([&](Storage& agent) {
            static_cast<void>(agent.submit(request, call_with()));
            more(agent);
        });
    }
    [[nodiscard]] KeyedAnswer ask(Storage& agent, const KeyedCall& call = call_with()) const {
        return agent.submit(held_request(*engine->clock), call);
    }
    [[nodiscard]] KeyedAnswer ask(const KeyedCall& call = call_with()) const { return ask(*storage, call); }
    void approve() const { storage->decide(decision_on(request, Verdict::approve)); }
    [[nodiscard]] static std::string claim(Storage& agent, const ApprovalRequest& of) {
        return agent.claim({of.id, of.view_digest, {}});
    }
    void execute(Storage& agent, const std::string& note = {}) const {
        agent.finish({.entry_id = claim(agent, request),
                      .request_id = request.id,
                      .tool_name = request.tool_name,
                      .state = RunState::executed,
                      .note = note});
        agent.flush();
    }
    [[nodiscard]] ApprovalRequest found() const { return storage->find(request.id).value(); }
    [[nodiscard]] AuditEvents events() const { return audit_events(*storage); }

    std::unique_ptr<Engine> engine;
    std::unique_ptr<Storage> storage;
    ApprovalRequest request;
};

}  // namespace approvekit::contract
