#include "agent/policy_in_force.hpp"

#include "agent/agent.hpp"
#include "agent/decision_verifier.hpp"
#include "agent/held_call.hpp"
#include "approvekit/error.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace approvekit::detail {

/// The lock is held only as long as it takes to copy a pointer.
std::unique_lock<std::mutex> PolicyInForce::lock() const {
    std::unique_lock held(mutex_, std::try_to_lock);
    while (!held.owns_lock()) {
        if (::getpid() != process_)
            throw StorageError(
                ErrorCode::storage_forked,
                "this kit was made before fork(), in which another thread was using it; make one in the child");
        std::this_thread::yield();
        static_cast<void>(held.try_lock());
    }
    return held;
}

std::shared_ptr<const Policy> PolicyInForce::get() const {
    const auto held = lock();
    return policy_;
}

AskedPolicy PolicyInForce::ask(Time now) const {
    const auto held = lock();
    return {.policy = policy_, .number = number_, .time = now};
}

bool PolicyInForce::replace(Policy policy) {
    auto next = std::make_shared<const Policy>(std::move(policy));
    static_cast<void>(next->digest());
    static_cast<void>(get()->digest());  // both keep their digests then, which cost nothing under the lock
    const auto held = lock();
    if (policy_->digest() == next->digest()) return false;
    policy_.swap(next);
    ++number_;
    return true;
}

void Agent::reload(Policy policy) {
    const std::string digest = policy.digest();
    if (!policy_.replace(std::move(policy))) return;
    constexpr std::size_t shown_digits = 16;
    tell(Event::Kind::policy_changed, {}, {},
         "another policy is in force from now on (digest " + digest.substr(0, shown_digits) + ")");
}

std::optional<std::string> Agent::find_new_denial(const std::string& tool_name, const AskedPolicy& under,
                                                  const Json& arguments) const {
    if (policy_.is_still(under)) return std::nullopt;
    const auto policy = policy_.get();
    const Ruling ruling = judge(*policy, under.time, tool_name, arguments, under.context ? *under.context : Json());
    return ruling.action == Action::deny ? std::optional(ruling.rule->deny) : std::nullopt;
}

std::optional<std::string> HeldCall::new_denial() const {
    const Json& arguments = under_.hidden_arguments ? *under_.hidden_arguments : request_.tool_args;
    return agent_->find_new_denial(request_.tool_name, under_, arguments);
}

namespace {

/// Returns those of a request's reviewers who may still sign. A key that was removed from the policy since then may be
/// lost. A policy without any reviewers says nothing about them.
std::vector<TrustedReviewer> still_trusted(const std::vector<TrustedReviewer>& asked,
                                           const std::vector<TrustedReviewer>& now) {
    if (now.empty()) return asked;
    std::vector<TrustedReviewer> both;
    std::copy_if(asked.begin(), asked.end(), std::back_inserter(both), [&](const TrustedReviewer& reviewer) {
        return std::any_of(now.begin(), now.end(), [&](const TrustedReviewer& other) {
            return other.name == reviewer.name && other.public_key == reviewer.public_key;
        });
    });
    return both;
}

}  // namespace

/// Verifies against the request as this side submitted it. What the record says about it does not count.
DecisionCheck HeldCall::verification() const {
    if (under_.policy->reviewers().empty()) return {};
    return [this](const Decision& decision) {
        const auto reviewers = still_trusted(under_.policy->reviewers(), agent_->policy().reviewers());
        return DecisionVerifier(reviewers).objection(request_, decision, agent_->clock().now());
    };
}

}  // namespace approvekit::detail
