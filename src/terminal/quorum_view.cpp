#include "terminal/quorum_view.hpp"

#include "terminal/edit_view.hpp"
#include "terminal/request_view.hpp"
#include "terminal/short_text.hpp"

#include <string>
#include <vector>

namespace approvekit::terminal {
namespace {

std::string listed_names(const Screen& screen, const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names)
        text += (text.empty() ? "" : ", ") + screen.name(name);
    return text;
}

std::string needs_text(const Screen& screen, const ApprovalRequest& request, const Quorum& quorum) {
    const std::vector<std::string> circle = quorum.circle(request.created_at, screen.now);
    std::string text = std::to_string(quorum.approvals) + (quorum.approvals == 1 ? " approval" : " approvals");
    if (!quorum.reviewers.empty()) text = std::to_string(quorum.approvals) + " of " + listed_names(screen, circle);
    if (!quorum.requester.empty()) text += ", not " + screen.name(quorum.requester) + ", who asks";
    return text;
}

std::string vote_text(const Screen& screen, const Vote& vote) {
    std::string text = screen.name(vote.decision.reviewer);
    text += vote.decision.verdict == Verdict::approve  ? " has voted"
            : vote.decision.verdict == Verdict::answer ? " has answered it"
                                                       : " has rejected it";
    text += " (" + screen.name(vote.decision.way) + ") at " + moment_text(vote.time);
    return vote.decision.notes.empty() ? text : text + ": " + screen.quote(vote.decision.notes);
}

}  // namespace

void draw_quorum(Lines& lines, std::size_t indent, std::size_t widest_label, const ApprovalRequest& request,
                 const Quorum& quorum) {
    const Screen& screen = lines.screen();
    lines.add_row(indent, "needs", widest_label, needs_text(screen, request, quorum), Colour::bold);
    const bool waits = request.status == ApprovalStatus::pending;
    if (waits && quorum.escalation && !quorum.is_escalated(request.created_at, screen.now)) {
        const auto left = request.created_at + quorum.escalation->after - screen.now;
        lines.add_row(indent, "", widest_label,
                      "in " + duration_text(left) + " also " + listed_names(screen, quorum.escalation->to));
    }
    for (const Vote& vote : request.votes) {
        lines.add_row(indent, "", widest_label, vote_text(screen, vote));
        draw_edits(lines, indent, widest_label, "by " + screen.name(vote.decision.reviewer) + ": ",
                   vote.decision.edits);
    }
    if (!waits || request.votes.empty()) return;
    lines.add_row(indent, "", widest_label, std::to_string(quorum.missing(request.votes)) + " more needed");
}

}  // namespace approvekit::terminal
