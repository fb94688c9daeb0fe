#pragma once

#include "approvekit/clock.hpp"
#include "approvekit/json.hpp"
#include "approvekit/policy.hpp"

#include <sys/types.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>

namespace approvekit::detail {

/// The policy under which a call was asked, and what it takes, beside its arguments, to ask another one. A value.
struct AskedPolicy {
    std::shared_ptr<const Policy> policy = {};          ///< null before there is one
    std::uint64_t number = 0;                           ///< tells it from those before and after it
    Time time{};                                        ///< of the question
    std::shared_ptr<const Json> context = {};           ///< nothing hidden; null for none
    std::shared_ptr<const Json> hidden_arguments = {};  ///< the true ones of a call that waits and shows others
};

/// The policy by which an agent judges its calls, until the next one. Thread-safe. In a forked child it may throw
/// StorageError (storage_forked), but does not wait for a thread that stayed behind in the parent.
class PolicyInForce {
public:
    explicit PolicyInForce(Policy policy) : policy_(std::make_shared<const Policy>(std::move(policy))) {}

    [[nodiscard]] std::shared_ptr<const Policy> get() const;
    [[nodiscard]] AskedPolicy ask(Time now) const;

    /// False, and nothing changes, for an equal policy. Throws std::bad_alloc, and nothing has changed.
    bool replace(Policy policy);

    /// Whether no other policy came into force since the question.
    [[nodiscard]] bool is_still(const AskedPolicy& asked) const noexcept { return number_ == asked.number; }

private:
    [[nodiscard]] std::unique_lock<std::mutex> lock() const;

    const ::pid_t process_ = ::getpid();
    mutable std::mutex mutex_;  // guards the policy
    std::shared_ptr<const Policy> policy_;
    std::atomic<std::uint64_t> number_ = 1;  // changes with the policy, and is read without the lock too
};

}  // namespace approvekit::detail
