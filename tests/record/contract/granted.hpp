#pragma once

#include "approvekit/digest.hpp"
#include "approvekit/error.hpp"
#include "approvekit/metadata_keys.hpp"
#include "record/contract/agent.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

/// A grant on a record of some engine, and calls that it allows.
namespace approvekit::contract {

inline GrantTerms terms_of(std::int64_t uses, std::chrono::seconds lasts = std::chrono::hours{1}) {
    GrantTerms terms;
    terms.uses = uses;
    terms.lasts = lasts;
    return terms;
}

/// {outer: {inner: value}}. Not written out in the tests, since clang 14 leaks what such a list replaces in a template.
inline Json nested(const std::string& outer, const std::string& inner, const Json& value) {
    return {{outer, {{inner, value}}}};
}

struct Granted : Agent {
    using Agent::Agent;

    /// A request whose rule allows a reviewer to grant 5 more within an hour.
    [[nodiscard]] static ApprovalRequest grantable_request(const Clock& clock) {
        ApprovalRequest held = held_request(clock);
        held.tool_args = {{"to", "ada"}, {"body", "hello"}, {"amount", 3}};
        held.metadata[grants_key] = {{"uses", 5}, {"for", 3600}, {"bounds", {"args.to", "args.amount"}}};
        held.view_digest = view_digest(held);
        return held;
    }
    [[nodiscard]] ApprovalRequest grantable() const {
        const ApprovalRequest held = grantable_request(*engine->clock);
        storage->submit(held);
        return held;
    }
    [[nodiscard]] static Decision approval_of(const ApprovalRequest& held, const GrantTerms& terms) {
        Decision decision = decision_on(held, Verdict::approve);
        decision.grant = terms;
        return decision;
    }
    [[nodiscard]] Grant given(const GrantTerms& terms) const {
        const ApprovalRequest held = grantable();
        storage->decide(approval_of(held, terms));
        return *storage->find_grant(held.id);
    }
    [[nodiscard]] ErrorCode refused(const ApprovalRequest& held, const GrantTerms& terms) const {
        return error_code_of([&] { storage->decide(approval_of(held, terms)); });
    }
    /// The entry of the start; empty if the grant allows none any more.
    [[nodiscard]] static std::string start(Storage& from, const Grant& grant) {
        const std::string metadata = Json{{grant_key, {{"id", grant.id}}}}.dump();
        const GrantUse use{grant.id, grant.terms.uses, grant.terms.until, grant.reviewer};
        return from.record_intent(
            {grant.tool_name, "{}", metadata, "granted by " + grant.reviewer, grant.agent, nullptr, &use});
    }
    [[nodiscard]] std::string start(const Grant& grant) const { return start(*storage, grant); }
    [[nodiscard]] std::string start_at_other(const Grant& grant) const { return start(*other, grant); }
    [[nodiscard]] Grant found_grant(const Grant& grant) const { return *other->find_grant(grant.id); }
    [[nodiscard]] AuditReport report() const {
        storage->flush();
        return storage->verify_audit();
    }
    [[nodiscard]] std::string fault() const {
        const AuditReport found = report();
        return found.intact() ? "" : found.fault->what;
    }

    std::unique_ptr<Storage> other = engine->open();
};

}  // namespace approvekit::contract
