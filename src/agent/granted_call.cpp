#include "agent/granted_call.hpp"

#include "agent/agent.hpp"
#include "agent/decision_verifier.hpp"
#include "agent/held_call.hpp"
#include "agent/prepared_call.hpp"
#include "approvekit/error.hpp"
#include "record/grant_coverage.hpp"

#include <memory>
#include <utility>
#include <vector>

namespace approvekit::detail {

FoundGrants::List FoundGrants::of(const std::string& tool_name) const {
    if (process_ != ::getpid()) return nullptr;
    const std::lock_guard lock(mutex_);
    const auto found = lists_.find(tool_name);
    return found == lists_.end() ? nullptr : found->second;
}

void FoundGrants::set(const std::string& tool_name, List found) {
    if (process_ != ::getpid()) return;
    const std::lock_guard lock(mutex_);
    const bool is_not_kept = found->empty() || found->front().version == 0;
    if (is_not_kept) {
        lists_.erase(tool_name);
    } else {
        lists_.insert_or_assign(tool_name, std::move(found));
    }
}

void FoundGrants::forget(const std::string& tool_name) {
    if (process_ != ::getpid()) return;
    const std::lock_guard lock(mutex_);
    lists_.erase(tool_name);
}

PendingCall Agent::allow_by_grant_or_hold(Prepared prepared) {
    const std::string parent = prepared.parent();
    const std::string tool_name = prepared.tool_name;
    const bool starts_at_once = prepared.asked.starts_at_once;
    if (auto permit = allow_by_any_grant(prepared)) {
        return PendingCall(std::make_unique<HeldCall>(tool_name, *std::move(permit), parent, starts_at_once));
    }
    return hold(std::move(prepared));
}

std::optional<Permit> Agent::allow_by_any_grant(Prepared& prepared) {
    if (!prepared.ruling.rule->grants) return std::nullopt;
    if (const auto known = found_grants_.of(prepared.tool_name)) {
        if (auto permit = allow_by_one_of(*known, Finding::before, prepared)) return permit;
    }
    const auto found =
        std::make_shared<const std::vector<GivenGrant>>(storage_->find_grants(prepared.tool_name, options_.agent));
    found_grants_.set(prepared.tool_name, found);
    return allow_by_one_of(*found, Finding::now, prepared);
}

std::optional<Permit> Agent::allow_by_one_of(const std::vector<GivenGrant>& grants, Finding found, Prepared& prepared) {
    prepared.grant = nullptr;
    if (grants.empty()) return std::nullopt;
    const ApprovalRequest request = make_request(prepared, "");
    Json near_miss;
    for (const GivenGrant& given : grants) {
        const Grant& grant = given.grant;
        if (const auto objection = objection_to(given, prepared, request)) {
            if (objection->is_near) near_miss = {{"id", grant.id}, {"does_not_count", objection->reason}};
            continue;
        }
        prepared.grant = {{"id", grant.id}};
        const GrantUse use{.id = grant.id,
                           .uses = grant.terms.uses,
                           .until = grant.terms.until,
                           .reviewer = grant.reviewer,
                           .version = found == Finding::before ? given.version : 0};
        if (auto permit = allow_by(&use, prepared)) return permit;
        found_grants_.forget(prepared.tool_name);  // it has no room any more, and each call would try it again in vain
    }
    prepared.grant = std::move(near_miss);
    return std::nullopt;
}

std::optional<record::NotCovered> Agent::objection_to(const GivenGrant& given, const Prepared& prepared,
                                                      const ApprovalRequest& request) const {
    auto objection =
        record::objection_to_use(given, {.request = request, .arguments = *prepared.arguments, .secret = &secret_});
    const auto& reviewers = prepared.under.policy->reviewers();
    if (objection || reviewers.empty()) return objection;
    auto distrust = DecisionVerifier(reviewers).objection_to_signature(given.request, given.decision);
    if (distrust) objection = record::NotCovered{"untrusted grant: " + *std::move(distrust), true};
    return objection;
}

void Agent::require_live_grant(const std::string& grant_id, const std::string& tool_name) const {
    if (grant_id.empty()) return;
    const auto grant = storage_->find_grant(grant_id);
    const std::string begin = "the grant " + grant_id + ", by which it was allowed, ";
    if (!grant) throw ApprovalCancelledError(tool_name, {}, begin + "is not on record any more");
    if (grant->revoked_at) throw ApprovalCancelledError(tool_name, {}, begin + "was revoked by " + grant->revoked_by);
    if (clock().now() >= grant->terms.until) throw ApprovalCancelledError(tool_name, {}, begin + "has ended");
}

}  // namespace approvekit::detail
