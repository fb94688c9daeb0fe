#include "terminal/seen_requests.hpp"

namespace approvekit::terminal {

void SeenRequests::add(const ApprovalRequest& request, Shown shown) {
    if (request.status != ApprovalStatus::pending) return;
    Look& look = seen_[request.id];
    if (look.view == request.view_digest && look.shown == Shown::whole) return;
    look = {request.view_digest, shown};
}

bool SeenRequests::has(const ApprovalRequest& request) const {
    return seen_.contains(request.id);
}

Shown SeenRequests::shown(const ApprovalRequest& request) const {
    const auto look = seen_.find(request.id);
    return look != seen_.end() && look->second.view == request.view_digest ? look->second.shown : Shown::by_id;
}

void SeenRequests::forget_ended(Storage& storage) {
    std::erase_if(seen_, [&](const auto& look) {
        const auto request = storage.find(look.first);
        return !request || request->status != ApprovalStatus::pending;
    });
}

}  // namespace approvekit::terminal
