#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace approvekit {

class SqliteStorage;

/// Something that an agent reports to its listener. A plain value.
struct Event {
    enum class Kind {
        waiting,  ///< a call is waiting for a reviewer
        voted,    ///< a reviewer approved it, and more approvals are needed
        decided,  ///< a reviewer's answer to it has arrived
        stopped,  ///< it was approved and is waiting until a stop is lifted
        started,  ///< its tool is about to start
        ended,    ///< its tool has ended, successfully or not
        /// It will not run for a reason other than a reviewer's rejection: denied, timed out, invalid arguments, ...
        refused,
        storage_trouble,  ///< the record could not be read or written
        policy_changed,   ///< another policy is now in force
        policy_refused,   ///< a changed policy was not accepted; the previous one stays in force
    };

    Kind kind = Kind::waiting;
    std::string tool_name;   ///< empty when the event is not about a tool
    std::string request_id;  ///< empty when the call never became a request
    std::string text;        ///< what happened, in one sentence without values that the policy hides
};

[[nodiscard]] std::string_view to_string(Event::Kind kind) noexcept;

/// Called on the thread where the event happens. Must return quickly; an exception terminates the program.
using EventListener = std::function<void(const Event&)>;

/// Returns a listener for Options::on_event that writes each event to stderr as one line. `how` is appended to the
/// lines of waiting calls and tells people how to decide them, for instance a link to the review page.
[[nodiscard]] EventListener log_events(std::string how = {});
/// The same, with the command `approvekit-review --db FILE` for the file of `storage`.
[[nodiscard]] EventListener log_events(const SqliteStorage& storage);

}  // namespace approvekit
