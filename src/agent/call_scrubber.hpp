#pragma once

#include "approvekit/redaction.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace approvekit::detail {

/// Keeps what a call hides out of every text about it, and with that what the calls around it and within it hide: the
/// error of a tool may carry a value from any of them to any other.
///
/// A call is within another one when it is submitted or started by the thread that runs that one, whichever kits they
/// belong to; of several that a thread runs at once, within each, in whatever order they end. So threads that a tool
/// starts by itself are not followed. Of the calls within one, 256 with secrets are remembered
/// until it has ended; after more of them its texts are hidden whole.
///
/// Copies share what they know. Thread-safe.
class CallScrubber {
public:
    /// A call without secrets, which is within no other.
    CallScrubber() = default;

    /// A call that this thread submits. The ones that it is within know the secrets of `own` from now on.
    /// `context` knows what else belongs to it.
    CallScrubber(const Scrubber& own, const Scrubber& context = {});  // NOLINT(google-explicit-constructor)

    /// From now on, until it ends, this thread runs the call, within those that it runs already.
    void begin() const;
    void end() const noexcept;
    /// It goes on, and this thread does something else.
    void leave_thread() const noexcept;

    [[nodiscard]] std::string scrub(std::string_view text) const;

private:
    struct Secrets;
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace approvekit::detail
