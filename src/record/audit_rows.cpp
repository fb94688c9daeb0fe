#include "record/audit_rows.hpp"

#include <limits>

namespace approvekit::record {

bool is_in_base(AuditEvent event) noexcept {
    return event == AuditEvent::approved || event == AuditEvent::rejected || event == AuditEvent::timeout;
}

std::int64_t place_before_page(const AuditQuery& query) {
    if (!query.cursor.empty()) return parse_sequence_cursor(query.cursor);
    return query.oldest_first ? 0 : std::numeric_limits<std::int64_t>::max();
}

void OpenIntents::follow(std::string_view entry_id, std::string_view event, std::string_view tool_name,
                         std::string_view follows) {
    if (event != to_string(AuditEvent::approved)) {
        open_.erase(std::string(follows));
        return;
    }
    order_.emplace_back(entry_id);
    open_.emplace(entry_id, tool_name);
}

std::vector<OpenIntent> OpenIntents::in_order() && {
    std::vector<OpenIntent> intents;
    for (std::string& id : order_) {
        if (const auto at = open_.find(id); at != open_.end()) {
            intents.push_back({std::move(id), std::string(auto_request_id), std::move(at->second)});
        }
    }
    return intents;
}

}  // namespace approvekit::record
