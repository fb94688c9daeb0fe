#include "review/call_assembly.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace approvekit::review {
namespace {

/// Returns the key by which entries that follow no other entry are assigned to a call.
const std::string& place_of(const AuditEntry& entry) {
    return entry.request_id == auto_request_id ? entry.id : entry.request_id;
}

/// If the tool ran, that is how the call ended, whatever was refused afterwards.
std::vector<AuditEntry>::iterator end_among(std::vector<AuditEntry>& told) {
    const auto run =
        std::find_if(told.begin(), told.end(), [](const AuditEntry& entry) { return part_of(entry) == CallPart::run; });
    if (run != told.end()) return run;
    return std::find_if(told.begin(), told.end(),
                        [](const AuditEntry& entry) { return entry.decision == AuditEvent::refused; });
}

}  // namespace

CallPart part_of(const AuditEntry& entry) noexcept {
    switch (entry.decision) {
        case AuditEvent::executed:
        case AuditEvent::failed:
        case AuditEvent::unknown:
            return CallPart::run;
        case AuditEvent::refused:
            return entry.request_id == auto_request_id && entry.follows.empty() ? CallPart::decision : CallPart::more;
        case AuditEvent::voted:
        case AuditEvent::resumed:
        case AuditEvent::stopped:
        case AuditEvent::lifted:
        case AuditEvent::revoked:
        case AuditEvent::archived:
        case AuditEvent::held:
        case AuditEvent::released:
            return CallPart::none;
        default:
            return CallPart::decision;
    }
}

std::optional<RecordedCall> CallAssembly::add(AuditEntry entry) {
    const CallPart part = part_of(entry);
    if (part == CallPart::none) return std::nullopt;
    if (part == CallPart::decision) return call_of(std::move(entry));
    const std::string call = entry.follows.empty() ? place_of(entry) : entry.follows;
    kept_[call].push_back(std::move(entry));
    return std::nullopt;
}

std::vector<std::int64_t> CallAssembly::kept() const {
    std::vector<std::int64_t> places;
    for (const auto& [call, entries] : kept_) {
        for (const AuditEntry& entry : entries)
            places.push_back(entry.sequence);
    }
    std::sort(places.begin(), places.end(), std::greater<>());
    return places;
}

std::optional<RecordedCall> CallAssembly::take_left() {
    const auto newest = std::max_element(kept_.begin(), kept_.end(), [](const auto& left, const auto& right) {
        return left.second.front().sequence < right.second.front().sequence;
    });
    if (newest == kept_.end()) return std::nullopt;
    std::vector<AuditEntry>& entries = newest->second;
    RecordedCall call{std::move(entries.front()), std::nullopt, {}};
    entries.erase(entries.begin());
    if (entries.empty()) kept_.erase(newest);
    return call;
}

RecordedCall CallAssembly::call_of(AuditEntry decision) {
    std::vector<AuditEntry> told;
    take(decision.id, told);
    take(place_of(decision), told);
    std::sort(told.begin(), told.end(),
              [](const AuditEntry& left, const AuditEntry& right) { return left.sequence > right.sequence; });
    RecordedCall call{std::move(decision), std::nullopt, {}};
    const auto end = end_among(told);
    for (auto one = told.begin(); one != told.end(); ++one) {
        if (one == end)
            call.end = std::move(*one);
        else
            call.others.push_back(std::move(*one));
    }
    return call;
}

void CallAssembly::take(const std::string& call, std::vector<AuditEntry>& told) {
    auto node = kept_.extract(call);
    if (!node) return;
    for (AuditEntry& entry : node.mapped())
        told.push_back(std::move(entry));
}

}  // namespace approvekit::review
