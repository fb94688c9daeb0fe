#pragma once

#include "approvekit/error.hpp"
#include "approvekit/limit_use.hpp"
#include "approvekit/metadata_keys.hpp"
#include "record/contract/agent.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

/// Calls under a limit of one hour, on an empty record of some engine.
namespace approvekit::contract {

inline constexpr std::int64_t one_whole = 1'000'000;

inline LimitUse use_of(std::int64_t amount, std::int64_t most, Beyond beyond = Beyond::hold) {
    LimitUse use;
    use.limit = "payments";
    use.bucket = "\"ann\"";
    use.amount = amount * one_whole;
    use.most = most * one_whole;
    use.per = std::chrono::hours{1};
    use.beyond = beyond;
    use.words = "the words of the policy";
    return use;
}

struct Limited : Agent {
    using Agent::Agent;

    [[nodiscard]] static std::string metadata_of(const LimitUse& use) {
        return Json{{limit_key, to_json_view(use, false)}}.dump();
    }
    [[nodiscard]] static std::string start(Storage& from, const LimitUse& use) {
        const std::string metadata = metadata_of(use);
        return from.record_intent({"send_email", "{}", metadata, "auto-approved by policy", "test", &use});
    }
    [[nodiscard]] std::string start(const LimitUse& use) const { return start(*storage, use); }
    [[nodiscard]] ErrorCode refused(const LimitUse& use) const {
        return error_code_of([&] { static_cast<void>(start(use)); });
    }
    /// Starts as many calls of `amount` as the limit allows, at most ten. Returns their number.
    [[nodiscard]] int started(const LimitUse& use) const {
        int count = 0;
        try {
            for (; count < 10; ++count)
                static_cast<void>(start(use));
        } catch (const LimitReachedError&) {
            return count;
        }
        return count;
    }
    void end(const std::string& entry_id, RunState state) const {
        storage->finish({entry_id, std::string(auto_request_id), "send_email", state, ""});
        storage->flush();
    }
    void give_back(const std::string& entry_id) const {
        storage->not_started({entry_id, std::string(auto_request_id), "send_email", "not started: a test"});
        storage->flush();
    }
    /// A request under a limit, approved.
    [[nodiscard]] ApprovalRequest approved(const LimitUse& use) const {
        ApprovalRequest held = held_request(*engine->clock);
        held.metadata[limit_key] = to_json_view(use, false);
        held.view_digest = view_digest(held);
        storage->submit(held);
        approve(held);
        return held;
    }
    [[nodiscard]] std::string claim_under(const ApprovalRequest& held, const LimitUse& use) const {
        return storage->claim({held.id, held.view_digest, {}, &held, false, "test", {}, &use});
    }
    [[nodiscard]] std::int64_t used() const { return storage->used(use_of(0, 0)) / one_whole; }
    [[nodiscard]] AuditReport report() const {
        storage->flush();
        return storage->verify_audit();
    }

    std::unique_ptr<Storage> other = engine->open();
};

}  // namespace approvekit::contract
