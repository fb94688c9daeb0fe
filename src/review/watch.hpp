#pragma once

#include "approvekit/reviewer.hpp"

#include <deque>
#include <functional>
#include <set>
#include <stop_token>
#include <string>

namespace approvekit::review {

/// Follows the requests of a storage and tells of each one twice: when it appears and when it has ended.
class Watch {
public:
    enum class Event { appeared, ended };

    /// Called on the watching thread. Returns false to stop.
    using Teller = std::function<bool(Event, const ApprovalRequest&)>;

    /// What ended before `start` is not news. `reviewer` must outlive the watch.
    Watch(Reviewer& reviewer, Time start, Teller tell);

    /// Tells what already waits, then what changes, until `stop` or until the teller has enough. Meanwhile, overdue
    /// requests end. If the storage is busy, it is asked again. Other StorageErrors are thrown, including those because
    /// of which nothing can be ended any more.
    void run(const std::stop_token& stop);

private:
    void look_at_everything();
    void look_at(const std::string& id);
    void consider(const ApprovalRequest& request);
    [[nodiscard]] bool is_old(const ApprovalRequest& request) const;
    void tell(Event event, const ApprovalRequest& request);
    void remember_end(const std::string& id);

    Reviewer& reviewer_;
    Time start_;
    Teller tell_;
    bool is_enough_ = false;
    std::set<std::string> pending_;
    std::set<std::string> ended_;  // the last ones, so that none is told twice
    std::deque<std::string> ended_in_order_;
};

}  // namespace approvekit::review
