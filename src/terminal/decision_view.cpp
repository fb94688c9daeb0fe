#include "terminal/decision_view.hpp"

#include "approvekit/metadata_keys.hpp"
#include "terminal/arguments_view.hpp"
#include "terminal/request_view.hpp"
#include "terminal/short_text.hpp"
#include "text/utf8.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::terminal {

void draw_answer(Lines& lines, std::size_t indent, std::size_t widest_label, const Json& answer) {
    constexpr std::size_t most_bytes = 4000;
    if (answer.is_null()) return;
    const std::string words =
        answer.is_string() ? answer.get<std::string>() : answer.dump(-1, ' ', false, Json::error_handler_t::replace);
    lines.add_row(indent, "answer", widest_label,
                  text::quote_lines(text::shortened(words, most_bytes), lines.screen().charset));
}

Json answer_in(const AuditEntry& entry) {
    const bool has_answer = entry.ours() && entry.decision == AuditEvent::answered && entry.metadata.is_object();
    return has_answer ? entry.metadata.value(answer_key, Json()) : Json();
}

void draw_edits(Lines& lines, std::size_t indent, std::size_t widest_label, std::string_view who, const Json& edits) {
    if (!edits.is_object()) return;
    const Screen& screen = lines.screen();
    std::string before(who);
    for (const auto& [path, value] : edits.items()) {
        const std::string shown = value.dump(-1, ' ', false, Json::error_handler_t::replace);
        lines.add_row(indent, "edited", widest_label, before + screen.name(path) + " to " + screen.quote(shown),
                      Colour::yellow);
        before = "";
    }
}

std::string listed_paths(const Screen& screen, const std::vector<std::string>& paths) {
    std::string text;
    for (const std::string& path : paths)
        text += (text.empty() ? "" : ", ") + screen.name(path);
    return text;
}

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
    if (!quorum.requester.empty()) text += ", not by " + screen.name(quorum.requester) + ", the requester";
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

namespace {

constexpr std::size_t short_grant_id = 8;
constexpr std::size_t grant_label = 6;

std::string end_text(const Screen& screen, const Grant& grant) {
    if (grant.revoked_at) {
        return "revoked " + actor_text(screen, grant.revoked_by, grant.revoked_way) + ", " +
               moment_text(*grant.revoked_at);
    }
    const auto left = grant.terms.until - screen.now;
    if (left.count() <= 0) return "ended " + moment_text(grant.terms.until);
    return "for " + duration_text(left) + " still, until " + moment_text(grant.terms.until);
}

}  // namespace

void draw_grant(Lines& lines, const Grant& grant) {
    const Screen& screen = lines.screen();
    const GrantTerms& terms = grant.terms;
    std::string text = "Grant  " + screen.name(std::string_view(grant.id).substr(0, short_grant_id)) + "  " +
                       screen.name(grant.tool_name) + " of " + screen.name(grant.agent) + "  " +
                       actor_text(screen, grant.reviewer, grant.way) + (grant.is_signed ? ", signed" : "") + ", " +
                       moment_text(grant.since);
    lines.add(0, text, grant.is_live(screen.now) ? Colour::green : Colour::plain, 4);
    lines.add_row(4, "used", grant_label,
                  std::to_string(grant.used) + " of " + std::to_string(terms.uses) + "; " + end_text(screen, grant));
    if (!terms.free.empty()) lines.add_row(4, "free", grant_label, listed_paths(screen, terms.free));
    if (!terms.bounds.empty()) lines.add_row(4, "within", grant_label, screen.quote(terms.bounds.dump()));
    draw_arguments(lines, 4, grant.tool_args, {});
}

void draw_grants(Lines& lines, const std::vector<Grant>& grants) {
    if (grants.empty()) lines.add(0, "No grants.");
    for (const Grant& grant : grants)
        draw_grant(lines, grant);
}

std::string grantable_text(const Screen& screen, const PolicyGrants& most) {
    std::string text = "up to " + std::to_string(most.uses) + " more like it within " + duration_text(most.lasts);
    return most.bounds.empty() ? text : text + ", which may differ in " + listed_paths(screen, most.bounds);
}

}  // namespace approvekit::terminal
