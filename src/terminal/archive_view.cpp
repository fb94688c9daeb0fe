#include "terminal/archive_view.hpp"

#include "terminal/request_view.hpp"

#include <string>

namespace approvekit::terminal {

void draw_archive(Lines& lines, const ArchiveResult& result) {
    const Screen& screen = lines.screen();
    if (!result.anchor) {
        lines.add(0, result.removed == 0 ? "Nothing to archive: no entry is from before then."
                                         : "No entry is from before then. The archive before was finished: " +
                                               std::to_string(result.removed) + " entries were removed.");
        return;
    }
    const ArchiveAnchor& anchor = *result.anchor;
    lines.add(0, "Archived the entries " + std::to_string(anchor.from) + " to " + std::to_string(anchor.place) +
                     " in " + screen.name(anchor.file) + ".");
    const std::string stays = result.kept == 0
                                  ? "."
                                  : "; " + std::to_string(result.kept) +
                                        " stay: their calls or grants have not ended, or they are stops, or held.";
    lines.add(0, std::to_string(result.removed) + " were removed from the record" + stays);
    lines.add(0, anchor.is_signed() ? "Signed by " + screen.name(anchor.reviewer) + "." : "Unsigned.");
    lines.add(0, "digest " + screen.name(anchor.digest));
}

Json to_json_view(const ArchiveResult& result) {
    return {{"archive", result.anchor ? approvekit::to_json_view(*result.anchor) : Json()},
            {"removed", result.removed},
            {"kept", result.kept}};
}

void draw_hold(Lines& lines, const AuditHold& hold) {
    const Screen& screen = lines.screen();
    std::string text = hold.in_force() ? "Held      " : "Released  ";
    text +=
        screen.name(hold.subject) + "  " + actor_text(screen, hold.reviewer, hold.way) + ", " + moment_text(hold.since);
    if (!hold.in_force()) {
        text += "; released " + actor_text(screen, hold.ended_by, hold.ended_way) + ", " + moment_text(*hold.ended_at);
    }
    lines.add(0, text, Colour::plain, 4);
    lines.add_notes(4, hold.reason);
}

void draw_holds(Lines& lines, const std::vector<AuditHold>& holds) {
    if (holds.empty()) lines.add(0, "Nothing is held.");
    for (const AuditHold& hold : holds)
        draw_hold(lines, hold);
}

}  // namespace approvekit::terminal
