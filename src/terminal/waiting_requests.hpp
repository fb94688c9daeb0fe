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

/// What a line tells of a request that waits. A value.
struct WaitingRequest {
    std::string id;
    std::string tool;
    std::string risk;     ///< empty: not stated
    std::string summary;  ///< the start of its arguments, escaped
    Time created_at{};
    std::optional<Time> ends_at;  ///< missing: it has no deadline
};

/// The requests that wait, of which it holds 999 at most, those that press most, as far as the news of them goes.
/// Not thread-safe.
class WaitingRequests {
public:
    static constexpr std::size_t most = 999;
    /// With fewer than that, those that had no room are looked for.
    static constexpr std::size_t fewest = most - most / 10;

    /// `reviewer` must outlive this.
    explicit WaitingRequests(Reviewer& reviewer) : reviewer_(reviewer) {}

    /// Takes the news in, at `now`. Returns the ids of the requests held that are new since told(). Throws
    /// StorageError; the next time looks at everything then.
    const std::vector<std::string>& follow(const RequestFeed::News& news, Time now);

    /// What is new up to now was told.
    void told() noexcept { added_.clear(); }

    /// Whether the last news could not be taken in.
    [[nodiscard]] bool is_unsure() const noexcept { return is_unsure_; }

    void forget(const std::string& id) { waiting_.erase(id); }

    [[nodiscard]] const WaitingRequest* find(const std::string& id) const;
    [[nodiscard]] std::size_t size() const noexcept { return waiting_.size(); }

    /// In the order in which they are to be looked at: what ends first and weighs most comes first. That of the page.
    [[nodiscard]] std::vector<const WaitingRequest*> in_order(Time now) const;

    /// "3 wait for a decision, 2 end within a minute, 1 critical."
    [[nodiscard]] std::string overview(Time now) const;

private:
    [[nodiscard]] bool needs_others(Time now) const noexcept;
    void look_at_everything(Time now);
    void look_at(const std::string& id, Time now);
    void add(const ApprovalRequest& request, Time now);
    void leave_out(Time now);

    Reviewer& reviewer_;
    std::map<std::string, WaitingRequest, std::less<>> waiting_;  // by id
    std::vector<std::string> added_;                              // since told(), the first one first
    bool is_unsure_ = false;                                      // what the last news said was not taken in
    std::size_t left_out_ = 0;                                    // for want of room, as far as is known
    Time hurries_at_ = Time::max();                               // when the first of those comes to press more
    Time looked_at_ = Time::min();                                // when everything was
};

/// A line for each of `requests`, numbered from 1: short id, risk, time left, tool and the start of its arguments.
/// `storage` is asked for how short their ids may be.
void draw_waiting_list(Lines& lines, Storage& storage, const std::vector<const WaitingRequest*>& requests);

/// The same line without its number.
[[nodiscard]] std::string waiting_line(const Screen& screen, const WaitingRequest& request, std::string_view short_id,
                                       std::size_t width);

/// What of the requests that wait has been on the screen. Not thread-safe.
class SeenRequests {
public:
    /// This much of `request` was shown. Once seen whole, a view stays so however little of it is shown again.
    void add(const ApprovalRequest& request, Shown shown);

    /// Whether any view of it was shown.
    [[nodiscard]] bool has(const ApprovalRequest& request) const;

    /// How much of the very view was shown that `request` has now; Shown::by_id: nothing.
    [[nodiscard]] Shown shown(const ApprovalRequest& request) const;

    void forget(const std::string& id) { seen_.erase(id); }

    /// Forgets the requests that wait no longer.
    void forget_ended(Storage& storage);

    [[nodiscard]] std::size_t size() const noexcept { return seen_.size(); }

private:
    struct Look {
        std::string view;  ///< tells this view of it from any other
        Shown shown = Shown::in_part;
    };

    std::map<std::string, Look, std::less<>> seen_;  // by id
};

}  // namespace approvekit::terminal
