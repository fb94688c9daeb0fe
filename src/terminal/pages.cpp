#include "terminal/pages.hpp"

#include "terminal/audit_view.hpp"
#include "terminal/request_view.hpp"
#include "terminal/short_text.hpp"

#include <string>

namespace approvekit::terminal {
namespace {

std::string empty_text(const RequestQuery& query) {
    if (!query.cursor.empty()) return "Nothing more.";
    if (!query.status) return "No request was ever made.";
    if (*query.status == ApprovalStatus::pending) return "Nothing waits for a decision.";
    return "No request is " + std::string(to_string(*query.status)) + ".";
}

}  // namespace

std::vector<DrawnRequest> draw_request_page(Lines& lines, Storage& storage, const RequestQuery& query,
                                            const RequestPage& page) {
    std::vector<DrawnRequest> drawn;
    if (page.requests.empty()) lines.add(0, empty_text(query));
    for (const ApprovalRequest& request : page.requests) {
        const std::string id = short_id(storage, request.id);
        DrawnRequest place{.start = lines.size()};
        if (request.status == ApprovalStatus::pending) {
            place.is_whole = draw_request(lines, request, id, Detail::queue);
            lines.add(0, "");
        } else {
            draw_request_line(lines, request, id);
        }
        place.end = lines.size();
        drawn.push_back(place);
    }
    return drawn;
}

void draw_audit_page(Lines& lines, Storage& storage, const AuditPage& page) {
    if (page.entries.empty()) lines.add(0, "No entries.");
    for (const AuditEntry& entry : page.entries) {
        draw_audit_entry(lines, entry, short_id(storage, entry.request_id));
    }
}

}  // namespace approvekit::terminal
