#pragma once

#include "approvekit/redaction.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace approvekit::detail {

/// Keeps what a call hides out of every text about it. It also keeps out what the calls around it and within it hide,
/// since the error of a tool may carry a value from any of them to any other.
///
/// A call is within another one if the thread that runs the other one submits or starts it, whichever kits they belong
/// to. If a thread runs several calls at once, the call is within each of them, in whatever order they end. Threads
/// that a tool starts itself are not followed. Of the calls within one, 256 with secrets are remembered until it has
/// ended. If there are more, its texts are hidden completely.
///
/// Copies share what they know. Thread-safe.
class CallScrubber {
public:
    /// A call without secrets that is within no other call.
    CallScrubber() = default;

    /// A call that this thread submits. From now on the calls that it is within know its secrets: those of `own`, and
    /// those of `context`, which knows what else belongs to the call.
    CallScrubber(const Scrubber& own, const Scrubber& context = {});  // NOLINT(google-explicit-constructor)

    /// From now on until it ends, this thread runs the call, within the calls that it is already running.
    void begin() const;
    void end() const noexcept;
    /// The call goes on, but this thread does something else.
    void leave_thread() const noexcept;

    [[nodiscard]] std::string scrub(std::string_view text) const;

private:
    struct Secrets;
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace approvekit::detail
