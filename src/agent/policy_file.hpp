#pragma once

#include "approvekit/clock.hpp"
#include "approvekit/error.hpp"
#include "approvekit/policy.hpp"
#include "base/file_mark.hpp"

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <variant>

namespace approvekit::detail {

/// A policy's file, from one look to the next. Not thread-safe.
class WatchedPolicy {
public:
    WatchedPolicy(std::filesystem::path path, std::shared_ptr<const Clock> clock);

    /// Reads the file without waiting for a second look. Throws PolicyError.
    [[nodiscard]] Policy read();

    /// Nothing, or what two looks in a row saw and nobody has called settle() for: a policy, or what is wrong with it.
    using News = std::variant<std::monostate, Policy, PolicyError>;
    [[nodiscard]] News look();
    /// Says that what look() returned last has been dealt with.
    void settle() { settled_ = seen_; }

private:
    const std::filesystem::path path_;
    const std::shared_ptr<const Clock> clock_;
    std::optional<base::FileMark> mark_;  // nothing if the file is not there
    std::chrono::microseconds marked_at_{};
    std::string seen_;       // identifies the content, or why there is none; empty if the file changed meanwhile
    std::string settled_;    // the same, for what settle() was called for
    bool is_known_ = false;  // whether the mark is so old that any new write changes it
};

}  // namespace approvekit::detail
