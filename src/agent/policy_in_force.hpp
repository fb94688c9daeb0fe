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

/// The policy under which a call was asked, and what is needed, besides its arguments, to ask another policy. A value.
struct AskedPolicy {
    std::shared_ptr<const Policy> policy = {};          ///< null before there is one
    std::uint64_t number = 0;                           ///< tells it from earlier and later policies
    Time time{};                                        ///< when it was asked
    std::shared_ptr<const Json> context = {};           ///< with nothing hidden; null if there is none
    std::shared_ptr<const Json> hidden_arguments = {};  ///< the true arguments, for a call that waits and shows others
};

/// The policy by which an agent judges its calls, until it is replaced. Thread-safe. In a forked child it may throw
/// StorageError (storage_forked), but never waits for a thread that exists only in the parent.
class PolicyInForce {
public:
    explicit PolicyInForce(Policy policy) : policy_(std::make_shared<const Policy>(std::move(policy))) {}

    [[nodiscard]] std::shared_ptr<const Policy> get() const;
    [[nodiscard]] AskedPolicy ask(Time now) const;

    /// Returns false and changes nothing if the policy is equal. Throws std::bad_alloc, and then nothing has changed.
    bool replace(Policy policy);

    /// Whether no other policy has come into force since the question.
    [[nodiscard]] bool is_still(const AskedPolicy& asked) const noexcept { return number_ == asked.number; }

private:
    [[nodiscard]] std::unique_lock<std::mutex> lock() const;

    const ::pid_t process_ = ::getpid();
    mutable std::mutex mutex_;  // guards the policy
    std::shared_ptr<const Policy> policy_;
    std::atomic<std::uint64_t> number_ = 1;  // changes with the policy; also read without the lock
};

}  // namespace approvekit::detail
