#include "review/call_reader.hpp"

#include "approvekit/error.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace approvekit::review {
namespace {

constexpr std::size_t entries_at_once = 200;
constexpr std::size_t most_looked_up = 1000;

}  // namespace

CallReader::CallReader(Storage& record, std::string_view cursor, std::string request_id)
    : record_(record), request_id_(std::move(request_id)) {
    if (cursor.empty())
        begin();
    else
        resume(CallCursor::parse(cursor));
}

void CallReader::begin() {
    page_ = page_behind({}, entries_at_once);
    is_last_page_ = page_.next.empty();
    head_ = page_.entries.empty() ? 0 : page_.entries.front().sequence;
    below_ = head_ + 1;
}

void CallReader::resume(const CallCursor& cursor) {
    head_ = cursor.head;
    read_since(head_);
    for (const std::int64_t place : cursor.named)
        read_named(place);
    if (cursor.read_from) {
        read_again(std::to_string(*cursor.read_from + 1),
                   cursor.below ? *cursor.below - 1 : std::numeric_limits<std::int64_t>::min());
    }
    is_last_page_ = !cursor.below;
    below_ = cursor.below.value_or(0);
    page_.next = is_last_page_ ? "" : std::to_string(below_);
}

/// Limits what a cursor made by hand can cost: it could have the whole record read for one page.
void CallReader::read_since(std::int64_t head) {
    std::string cursor;
    std::size_t entries = 0;
    do {
        AuditPage page = page_behind(std::move(cursor), entries_at_once);
        for (AuditEntry& entry : page.entries) {
            if (entry.sequence <= head) return;
            if (++entries > most_entries_since) {
                throw Error(ErrorCode::invalid_option, "more than " + std::to_string(most_entries_since) +
                                                           " entries were written since the cursor was handed out; "
                                                           "start without one");
            }
            keep(std::move(entry));
        }
        cursor = std::move(page.next);
    } while (!cursor.empty());
}

void CallReader::read_again(std::string cursor, std::int64_t down_to) {
    do {
        AuditPage page = page_behind(std::move(cursor), entries_at_once);
        for (AuditEntry& entry : page.entries) {
            if (entry.sequence <= down_to) return;
            keep(std::move(entry));
        }
        cursor = std::move(page.next);
    } while (!cursor.empty());
}

void CallReader::read_named(std::int64_t place) {
    AuditPage page = page_behind(std::to_string(place + 1), 1);
    if (!page.entries.empty() && page.entries.front().sequence == place) keep(std::move(page.entries.front()));
}

void CallReader::keep(AuditEntry entry) {
    ++entries_read_;
    // If the entry decides a call, that call was returned before, or was decided since the reading began.
    static_cast<void>(call_with(std::move(entry)));
}

std::optional<RecordedCall> CallReader::next(std::size_t most_entries) {
    const std::size_t read_before = entries_read_;
    do {
        while (at_ < page_.entries.size()) {
            if (entries_read_ - read_before >= most_entries) return std::nullopt;
            AuditEntry& entry = page_.entries[at_++];
            ++entries_read_;
            below_ = entry.sequence;
            reached_ = entry.timestamp;
            if (auto call = call_with(std::move(entry))) return call;
        }
    } while (read_page());
    auto left = take_left();
    is_at_end_ = !left;
    if (left) ++entries_read_;
    return left;
}

bool CallReader::read_page() {
    if (is_last_page_) return false;
    page_ = page_behind(page_.next, entries_at_once);
    is_last_page_ = page_.next.empty();
    at_ = 0;
    return true;
}

std::string CallReader::cursor() const {
    const bool is_at_end = is_last_page_ && at_ == page_.entries.size();
    std::vector<std::int64_t> kept = this->kept();
    if (is_at_end && kept.empty()) return {};
    CallCursor cursor{.below = below_, .head = head_, .read_from = std::nullopt, .named = {}};
    if (is_at_end) cursor.below.reset();
    if (kept.size() > CallCursor::most_named) cursor.read_from = kept[CallCursor::most_named];
    kept.resize(std::min(kept.size(), CallCursor::most_named));
    cursor.named = std::move(kept);
    return cursor.text();
}

std::vector<std::int64_t> CallReader::kept() const {
    std::vector<std::int64_t> places = assembly_.kept();
    std::erase_if(places, [this](std::int64_t place) { return place > head_; });
    return places;
}

/// What was written since then may belong to a call that was returned before.
std::optional<RecordedCall> CallReader::take_left() {
    auto call = assembly_.take_left();
    while (call && call->decision.sequence > head_)
        call = assembly_.take_left();
    return call;
}

AuditPage CallReader::page_behind(std::string cursor, std::size_t limit) const {
    return record_.audit(
        {.request_id = request_id_, .limit = limit, .cursor = std::move(cursor), .oldest_first = false});
}

std::optional<RecordedCall> CallReader::call_with(AuditEntry entry) {
    const bool may_stand_alone = part_of(entry) == CallPart::more && entry.follows.empty();
    if (may_stand_alone && !is_decided_before(entry)) return RecordedCall{std::move(entry), std::nullopt, {}};
    return assembly_.add(std::move(entry));
}

bool CallReader::is_decided_before(const AuditEntry& refusal) {
    if (const auto known = looked_up_.find(refusal.request_id); known != looked_up_.end()) {
        const auto& [newer, decision] = known->second;
        if (decision && *decision < refusal.sequence) return true;
        if (!decision && refusal.sequence <= newer) return false;
    }
    if (looked_up_.size() == most_looked_up) looked_up_.clear();
    const auto decision = decision_before(refusal);
    looked_up_[refusal.request_id] = {refusal.sequence, decision};
    return decision.has_value();
}

std::optional<std::int64_t> CallReader::decision_before(const AuditEntry& refusal) const {
    AuditQuery query{.request_id = refusal.request_id,
                     .limit = entries_at_once,
                     .cursor = std::to_string(refusal.sequence),
                     .oldest_first = false};
    do {
        const AuditPage page = record_.audit(query);
        const auto found = std::find_if(page.entries.begin(), page.entries.end(),
                                        [](const AuditEntry& entry) { return part_of(entry) == CallPart::decision; });
        if (found != page.entries.end()) return found->sequence;
        query.cursor = page.next;
    } while (!query.cursor.empty());
    return std::nullopt;
}

}  // namespace approvekit::review
