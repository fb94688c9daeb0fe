#include "review/watch.hpp"

#include "approvekit/error.hpp"
#include "approvekit/request_feed.hpp"
#include "review/shown_request.hpp"

#include <utility>
#include <vector>

namespace approvekit::review {
namespace {

/// How long to wait before a look that failed is tried again.
constexpr std::chrono::milliseconds look_interval(1000);
constexpr std::size_t most_remembered_ends = 4096;

/// Returns false if the storage was busy, which passes.
template <typename Act>
bool unless_busy(Act act) {
    try {
        act();
        return true;
    } catch (const StorageError& error) {
        if (error.code() != ErrorCode::storage_busy) throw;
        return false;
    }
}

}  // namespace

Watch::Watch(Reviewer& reviewer, Time start, Teller tell)
    : reviewer_(reviewer), start_(start), tell_(std::move(tell)) {}

void Watch::run(const std::stop_token& stop) {
    RequestFeed feed(reviewer_.storage());
    bool is_complete = false;
    std::set<std::string> changed;
    do {
        const RequestFeed::News news = feed.wait(look_interval, stop);
        for (const Change& change : news.changes)
            changed.insert(change.request_id);
        is_complete = unless_busy([&] {
            // First, since a request that came and went meanwhile is in no list.
            for (; !changed.empty() && !is_enough_; changed.erase(changed.begin()))
                look_at(*changed.begin());
            if (news.look_at_everything || !is_complete) look_at_everything();
        });
        // The storage does this by itself too, but fails silently.
        static_cast<void>(unless_busy([&] { reviewer_.storage().sweep(); }));
    } while (!stop.stop_requested() && !is_enough_);
}

void Watch::look_at_everything() {
    std::set<std::string> gone = pending_;
    RequestQuery query;
    do {
        RequestPage page = reviewer_.storage().list(query);
        for (ApprovalRequest& request : page.requests) {
            gone.erase(request.id);
            consider(as_shown(std::move(request)));
        }
        query.cursor = page.next;
    } while (!query.cursor.empty() && !is_enough_);
    for (const std::string& id : gone)
        look_at(id);
}

void Watch::look_at(const std::string& id) {
    if (auto request = reviewer_.storage().find(id)) consider(as_shown(*std::move(request)));
}

void Watch::consider(const ApprovalRequest& request) {
    const bool is_known = pending_.contains(request.id);
    if (request.status == ApprovalStatus::pending) {
        if (!is_known) tell(Event::appeared, request);
        pending_.insert(request.id);
    } else if (is_known || !is_old(request)) {
        if (!is_known) tell(Event::appeared, request);
        tell(Event::ended, request);
        pending_.erase(request.id);
        remember_end(request.id);
    }
}

bool Watch::is_old(const ApprovalRequest& request) const {
    return ended_.contains(request.id) || (request.reviewed_at && *request.reviewed_at < start_);
}

void Watch::tell(Event event, const ApprovalRequest& request) {
    if (!is_enough_) is_enough_ = !tell_(event, request);
}

void Watch::remember_end(const std::string& id) {
    if (!ended_.insert(id).second) return;
    ended_in_order_.push_back(id);
    if (ended_in_order_.size() <= most_remembered_ends) return;
    ended_.erase(ended_in_order_.front());
    ended_in_order_.pop_front();
}

}  // namespace approvekit::review
