#include "sqlite/change_feed.hpp"

#include <utility>

namespace approvekit::sqlite {

ChangeFeed::ChangeFeed(const std::filesystem::path& path, bool read_only, std::shared_ptr<Listeners> listeners)
    : connection_(path, {Durability::full, std::chrono::milliseconds{0}, read_only}),
      changes_(connection_.database()),
      listeners_(std::move(listeners)) {}

Looked ChangeFeed::look() {
    try {
        connection_.expect_in_place();
        const std::vector<Change> changes = translating(connection_.path(), [&] { return read_new(); });
        if (changes.empty()) return Looked::nothing;
        listeners_->tell(changes);
        return Looked::changes;
    } catch (const StorageError& error) {
        if (error.code() == ErrorCode::storage_busy) return Looked::busy;
        throw;
    }
}

std::vector<Change> ChangeFeed::read_new() {
    std::vector<Change> changes;
    if (last_ < 0) {
        // A listener that subscribed before this first look may have missed something.
        last_ = changes_.last();
        changes.emplace_back();
        return changes;
    }
    const std::vector<StoredChange> found = changes_.after(last_);
    if (found.empty()) return changes;
    if (found.front().sequence > last_ + 1) changes.emplace_back();
    for (const StoredChange& change : found) {
        changes.push_back(
            {change.request_id, parse_approval_status(change.status).value_or(ApprovalStatus::cancelled)});
    }
    last_ = found.back().sequence;
    return changes;
}

}  // namespace approvekit::sqlite
