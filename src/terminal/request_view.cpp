#include "terminal/request_view.hpp"

#include "approvekit/call.hpp"
#include "record/shown_view.hpp"
#include "terminal/arguments_view.hpp"
#include "terminal/decision_view.hpp"
#include "terminal/layout.hpp"
#include "terminal/short_text.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace approvekit::terminal {
namespace {

constexpr std::size_t widest_label = 9;
constexpr std::size_t status_width = 9;
constexpr std::size_t most_queue_lines = 30;

/// Draws the parts of one request below its title.
class Card {
public:
    Card(Lines& lines, const ApprovalRequest& request) : lines_(lines), request_(request) {}

    void draw_queue_part() {
        draw_risk();
        draw_origin();
        if (request_.status == ApprovalStatus::pending) draw_time_left();
        if (const auto window = request_.start_within())
            row("start", "within " + duration_text(*window) + " of its approval");
        draw_context();
        draw_arguments();
        if (request_.edited) draw_edits(lines_, 2, widest_label, "", request_.edited->edits);
        if (const auto paths = request_.editable(); !paths.empty() && request_.status == ApprovalStatus::pending)
            row("edit", "may be edited when it is approved: " + listed_paths(screen(), paths));
        draw_grants_of_request();
        if (request_.answerable() && request_.status == ApprovalStatus::pending)
            row("answer", "may be answered instead of being run");
        draw_answer(lines_, 2, widest_label, request_.answer);
        draw_metadata();
        if (request_.submitted) draw_submitted(*request_.submitted);
    }

    void draw_whole() {
        row("id", screen().name(request_.id));
        draw_queue_part();
        draw_digests();
        draw_end();
    }

private:
    [[nodiscard]] const Screen& screen() const noexcept { return lines_.screen(); }

    void row(std::string_view label, std::string_view text, Colour colour = Colour::plain) {
        lines_.add_row(2, label, widest_label, text, colour);
    }

    void draw_risk() {
        const std::string risk = request_.risk_level();
        row("risk", risk.empty() ? "not stated" : screen().name(risk), risk_colour(risk));
    }

    void draw_origin() {
        const std::string age = duration_text(screen().now - request_.created_at) + " ago";
        row("asked", request_.agent.empty() ? age : age + " by " + screen().name(request_.agent));
        if (const auto quorum = request_.quorum()) draw_quorum(lines_, 2, widest_label, request_, *quorum);
        draw_limit();
        if (const auto signers = request_.signers(); !signers.empty()) draw_signers(signers);
        if (request_.awaits_agent) {
            row("waits", "for its agent to come back: it runs when an agent asks again with the same key, in time",
                Colour::yellow);
        }
        if (!request_.ours) row("origin", "another program; nothing protects it from being changed", Colour::yellow);
    }

    /// Draws what may be granted with the request, or why an existing grant does not let it run.
    void draw_grants_of_request() {
        const auto most = request_.grantable();
        if (most && request_.status == ApprovalStatus::pending) row("grant", grantable_text(screen(), *most));
        if (!request_.metadata.is_object() || !request_.metadata.contains(grant_key)) return;
        const Json& grant = request_.metadata.at(grant_key);
        const auto told = [&](const char* key) {
            const Json text = grant.is_object() ? grant.value(key, Json()) : Json();
            return text.is_string() ? text.get<std::string>() : std::string();
        };
        row("",
            "grant " + screen().name(told("id").substr(0, 8)) +
                " does not count: " + screen().quote(told("does_not_count")),
            Colour::yellow);
    }

    void draw_signers(const std::map<std::string, std::string>& signers) {
        std::string names;
        for (const auto& [name, key] : signers)
            names += (names.empty() ? "" : ", ") + screen().name(name);
        row("signer", "an approval counts only with the signature of " + names);
    }

    /// Draws why a call is held that the policy would have let run, or says that an approved call may still not start.
    void draw_limit() {
        if (!request_.metadata.is_object() || !request_.metadata.contains(limit_key)) return;
        const Json& limit = request_.metadata.at(limit_key);
        const auto told = [&](const char* key) {
            const Json text = limit.is_object() ? limit.value(key, Json()) : Json();
            return text.is_string() ? screen().quote(text.get<std::string>()) : std::string();
        };
        const std::string share = told("share");
        if (const std::string reached = told("reached"); !reached.empty()) {
            row("limit", "held: " + reached, Colour::yellow);
        } else {
            row("limit", "takes " + (share.empty() ? "of one" : share) + ", and does not start once that is used up");
        }
    }

    void draw_time_left() {
        if (!request_.deadline) return row("time left", "no deadline");
        const auto left = request_.time_left.value_or(*request_.deadline - screen().now);
        constexpr std::chrono::seconds short_time(15);
        row("time left", left.count() > 0 ? duration_text(left) : "none: it has expired",
            left < short_time ? Colour::red : Colour::bold);
    }

    /// Draws why the call is made, before what it does.
    void draw_context() {
        if (!request_.metadata.is_object() || !request_.metadata.contains(context_key)) return;
        const Json& context = request_.metadata.at(context_key);
        lines_.add(2, "context", Colour::cyan);
        terminal::draw_arguments(lines_, 4, context, {}, record::context_order(context));
    }

    void draw_arguments() {
        if (request_.tool_args.empty() && request_.redactions.empty()) return row("arguments", "none");
        lines_.add(2, "arguments", Colour::cyan);
        terminal::draw_arguments(lines_, 4, request_.tool_args, request_.redactions,
                                 record::argument_order(request_.tool_args, request_.metadata));
    }

    void draw_submitted(const SubmittedView& submitted) {
        row("altered", "another program changed it; its agent asked for what follows", Colour::red);
        row("tool", screen().name(submitted.tool_name));
        lines_.add(2, "submitted", Colour::cyan);
        terminal::draw_arguments(lines_, 4, submitted.tool_args, request_.redactions);
    }

    /// Leaves out what the policy says about every request. The risk and the window for the start were already drawn.
    void draw_metadata() {
        Json own = request_.metadata;
        if (!own.is_object()) return;
        for (const char* const key : {risk_level_key, timeout_key, require_approval_key, auto_approve_key,
                                      redact_fields_key, signers_key, context_key, argument_order_key, quorum_key,
                                      allow_edit_key, grants_key, grant_key, hidden_arguments_key, allow_answer_key}) {
            own.erase(key);
        }
        if (request_.start_within()) own.erase(start_within_key);
        if (own.empty()) return;
        lines_.add(2, "metadata", Colour::cyan);
        terminal::draw_arguments(lines_, 4, own, {});
    }

    void draw_digests() {
        row("created", moment_text(request_.created_at));
        if (request_.deadline) row("deadline", moment_text(*request_.deadline));
        draw_start();
        if (!request_.view_digest.empty()) row("view", screen().name(request_.view_digest));
    }

    /// Draws until when an approved call may start, if that was not drawn yet.
    void draw_start() {
        if (request_.start_by) return row("start by", moment_text(*request_.start_by));
        if (!request_.deadline || request_.start_within()) return;
        row("start", "by the deadline, or within " + duration_text(usual_start_window) + " of its approval");
    }

    void draw_end() {
        const std::string_view status = to_string(request_.status);
        std::string text(status);
        if (request_.reviewed_at) text += " at " + moment_text(*request_.reviewed_at);
        const std::string actor = actor_text(screen(), request_.reviewer, request_.way);
        row("status", actor.empty() ? text : text + " " + actor, status_colour(status));
        if (request_.reviewer_notes)
            lines_.add_row(2, "notes", widest_label, text::quote_lines(*request_.reviewer_notes, screen().charset));
        if (request_.run == RunState::none) return;
        const std::string_view run = to_string(request_.run);
        row("run",
            request_.run_note.empty() ? std::string(run) : std::string(run) + ": " + screen().quote(request_.run_note),
            status_colour(run));
    }

    Lines& lines_;
    const ApprovalRequest& request_;
};

/// Returns how many lines of a request are listed, so that the note about the rest is on the same screen.
std::size_t queue_lines(const Screen& screen) noexcept {
    constexpr std::size_t around = 4;
    if (screen.height == 0) return most_queue_lines;
    return std::clamp(screen.height, 2 * around, most_queue_lines + around) - around;
}

/// Returns whether there was nothing to cut.
bool cut_to_queue(Lines& lines, std::size_t start, std::string_view short_id) {
    const std::size_t most = queue_lines(lines.screen());
    const std::size_t drawn = lines.size() - start;
    if (drawn <= most) return true;
    lines.cut(start + most);
    lines.add(
        4, "... " + std::to_string(drawn - most) + " more lines, all shown by: show " + lines.screen().name(short_id),
        Colour::yellow);
    return false;
}

}  // namespace

bool draw_request(Lines& lines, const ApprovalRequest& request, std::string_view short_id, Detail detail) {
    const Screen& screen = lines.screen();
    const std::size_t start = lines.size();
    lines.add(0, screen.name(short_id) + "  " + screen.name(request.tool_name), Colour::bold, 4);
    Card card(lines, request);
    if (detail == Detail::whole) {
        card.draw_whole();
        return true;
    }
    card.draw_queue_part();
    return detail == Detail::decision || cut_to_queue(lines, start, short_id);
}

void draw_request_line(Lines& lines, const ApprovalRequest& request, std::string_view short_id) {
    const Screen& screen = lines.screen();
    const std::string_view status = to_string(request.status);
    std::string text = moment_text(request.created_at) + "  " + screen.name(short_id) + "  ";
    text += screen.paint(status_colour(status), pad(status, status_width)) + "  " + screen.name(request.tool_name);
    const std::string actor = actor_text(screen, request.reviewer, request.way);
    lines.add(0, actor.empty() ? text : text + "  " + actor, Colour::plain, 4);
    if (request.reviewer_notes) lines.add_notes(4, *request.reviewer_notes);
}

void draw_decision(Lines& lines, const ApprovalRequest& request, std::string_view short_id) {
    const Screen& screen = lines.screen();
    const std::string_view status = to_string(request.status);
    const bool waits = request.status == ApprovalStatus::pending;
    std::string text = waits                                        ? "Voted on "
                       : request.status == ApprovalStatus::approved ? "Approved "
                       : request.status == ApprovalStatus::answered ? "Answered "
                                                                    : "Rejected ";
    text += screen.name(short_id) + " " + screen.name(request.tool_name);
    const auto quorum = request.quorum();
    if (waits && quorum) text += "; " + std::to_string(quorum->missing(request.votes)) + " more needed";
    lines.add(0, text + ".", status_colour(status));
}

std::string actor_text(const Screen& screen, std::string_view reviewer, std::string_view way) {
    std::string text;
    if (!reviewer.empty()) text = "by " + screen.name(reviewer);
    if (way.empty() || way == reviewer) return text;
    return text + (text.empty() ? "(" : " (") + screen.name(way) + ")";
}

std::string moment_text(Time time) {
    std::string text = to_text(time).substr(0, 19) + "Z";
    text[10] = ' ';
    return text;
}

Colour risk_colour(std::string_view risk) noexcept {
    if (risk == "high" || risk == "critical") return Colour::red;
    if (risk == "medium") return Colour::yellow;
    return risk == "low" ? Colour::green : Colour::plain;
}

Colour status_colour(std::string_view status) noexcept {
    constexpr std::array good{"approved", "executed"};
    constexpr std::array bad{"rejected", "denied", "refused", "failed", "unknown"};
    if (std::find(good.begin(), good.end(), status) != good.end()) return Colour::green;
    if (std::find(bad.begin(), bad.end(), status) != bad.end()) return Colour::red;
    return status == "answered" || status == "timeout" || status == "cancelled" ? Colour::yellow : Colour::plain;
}

}  // namespace approvekit::terminal
