#include "agent/found_grants.hpp"

#include <utility>

namespace approvekit::detail {

FoundGrants::List FoundGrants::of(const std::string& tool_name) const {
    if (process_ != ::getpid()) return nullptr;
    const std::lock_guard lock(mutex_);
    const auto found = lists_.find(tool_name);
    return found == lists_.end() ? nullptr : found->second;
}

void FoundGrants::set(const std::string& tool_name, List found) {
    if (process_ != ::getpid()) return;
    const std::lock_guard lock(mutex_);
    const bool is_not_kept = found->empty() || found->front().version == 0;
    if (is_not_kept) {
        lists_.erase(tool_name);
    } else {
        lists_.insert_or_assign(tool_name, std::move(found));
    }
}

void FoundGrants::forget(const std::string& tool_name) {
    if (process_ != ::getpid()) return;
    const std::lock_guard lock(mutex_);
    lists_.erase(tool_name);
}

}  // namespace approvekit::detail
