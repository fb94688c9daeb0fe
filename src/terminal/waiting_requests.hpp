#pragma once

#include "approvekit/request.hpp"
#include "approvekit/request_feed.hpp"
#include "approvekit/reviewer.hpp"
#include "terminal/screen.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::terminal {

/// What a line tells about a waiting request. A value.
struct WaitingRequest {
    std::string id;
    std::string tool;
    std::string risk;     ///< empty if not stated
    std::string summary;  ///< the start of its arguments, escaped
    Time created_at{};
    std::optional<Time> ends_at;  ///< missing if it has no deadline
};

/// The waiting requests. Holds at most 999, the most pressing ones as far as the news tells. Not thread-safe.
class WaitingRequests {
public:
    static constexpr std::size_t most = 999;
    /// With fewer than this, it looks for those that had no room.
    static constexpr std::size_t fewest = most - most / 10;

    /// `reviewer` must outlive this object.
    explicit WaitingRequests(Reviewer& reviewer) : reviewer_(reviewer) {}

    /// Takes in the news at the time `now`. Returns the ids of those held that are new since told(). Throws
    /// StorageError; the next call then looks at everything.
    const std::vector<std::string>& follow(const RequestFeed::News& news, Time now);

    /// Says that everything new up to now was told.
    void told() noexcept { added_.clear(); }

    /// Whether the last news could not be taken in.
    [[nodiscard]] bool is_unsure() const noexcept { return is_unsure_; }

    void forget(const std::string& id) { waiting_.erase(id); }

    [[nodiscard]] const WaitingRequest* find(const std::string& id) const;
    [[nodiscard]] std::size_t size() const noexcept { return waiting_.size(); }

    /// Returns them in the order in which to look at them: what ends first and weighs most comes first. The page has
    /// the same order.
    [[nodiscard]] std::vector<const WaitingRequest*> in_order(Time now) const;

    /// Returns for example "3 wait for a decision, 2 end within a minute, 1 critical."
    [[nodiscard]] std::string overview(Time now) const;

private:
    [[nodiscard]] bool needs_others(Time now) const noexcept;
    void look_at_everything(Time now);
    void look_at(const std::string& id, Time now);
    void add(const ApprovalRequest& request, Time now);
    void leave_out(Time now);

    Reviewer& reviewer_;
    std::map<std::string, WaitingRequest, std::less<>> waiting_;  // by id
    std::vector<std::string> added_;                              // new since told(), in the order in which they came
    bool is_unsure_ = false;                                      // the last news was not taken in
    std::size_t left_out_ = 0;       // how many were left out for lack of room, as far as is known
    Time hurries_at_ = Time::max();  // when the first of those becomes more pressing
    Time looked_at_ = Time::min();   // when it last looked at everything
};

/// Draws a line for each of `requests`, numbered from 1: short id, risk, time left, tool and the start of its
/// arguments. Asks `storage` how short their ids may be.
void draw_waiting_list(Lines& lines, Storage& storage, const std::vector<const WaitingRequest*>& requests);

/// Returns the same line without its number.
[[nodiscard]] std::string waiting_line(const Screen& screen, const WaitingRequest& request, std::string_view short_id,
                                       std::size_t width);

/// What was on the screen of the requests that wait. Not thread-safe.
class SeenRequests {
public:
    /// Records that this much of `request` was shown. Once a view was seen whole it stays so, however little of it is
    /// shown again.
    void add(const ApprovalRequest& request, Shown shown);

    /// Whether any version of it was shown.
    [[nodiscard]] bool has(const ApprovalRequest& request) const;

    /// Returns how much was shown of exactly the view that `request` has now. Shown::by_id means nothing.
    [[nodiscard]] Shown shown(const ApprovalRequest& request) const;

    void forget(const std::string& id) { seen_.erase(id); }

    /// Forgets the requests that no longer wait.
    void forget_ended(Storage& storage);

    [[nodiscard]] std::size_t size() const noexcept { return seen_.size(); }

private:
    struct Look {
        std::string view;  ///< tells this view from any other
        Shown shown = Shown::in_part;
    };

    std::map<std::string, Look, std::less<>> seen_;  // by id
};

}  // namespace approvekit::terminal
