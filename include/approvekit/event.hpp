#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace approvekit {

class SqliteStorage;

/// Something that an agent does not do in silence. A plain value.
struct Event {
    enum class Kind {
        waiting,          ///< a call waits for a reviewer
        voted,            ///< a reviewer approved it, and more have to
        decided,          ///< a reviewer's answer has reached it
        stopped,          ///< it was approved, and waits until a stop is lifted
        started,          ///< its tool is about to start
        ended,            ///< its tool has ended, one way or another
        refused,          ///< it will not run, and no reviewer said so: denied, timed out, invalid arguments, ...
        storage_trouble,  ///< the record could not be read or written
        policy_changed,   ///< another policy is in force from now on
        policy_refused,   ///< a changed policy was not taken, and the one before it stays in force
    };

    Kind kind = Kind::waiting;
    std::string tool_name;   ///< empty where it is about no tool
    std::string request_id;  ///< empty where the call never became a request
    std::string text;        ///< what happened, in one sentence without values that the policy hides
};

[[nodiscard]] std::string_view to_string(Event::Kind kind) noexcept;

/// Takes events on whatever thread they happen. Must return soon; an exception ends the program.
using EventListener = std::function<void(const Event&)>;

/// Writes each event as a line to stderr, for Options::on_event. Behind what waits stands `how` to decide it: the link
/// to a page, or the command of the other form.
[[nodiscard]] EventListener log_events(std::string how = {});
/// `approvekit-review --db FILE`, with the file of `storage`.
[[nodiscard]] EventListener log_events(const SqliteStorage& storage);

}  // namespace approvekit
