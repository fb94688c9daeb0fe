#include "terminal/prompt.hpp"

#include "approvekit/error.hpp"
#include "terminal/pages.hpp"
#include "terminal/request_view.hpp"
#include "terminal/short_text.hpp"
#include "terminal/stop_view.hpp"

#include <algorithm>
#include <istream>
#include <ostream>
#include <utility>

namespace approvekit::terminal {
namespace {

constexpr std::size_t requests_per_page = 20;
constexpr std::size_t entries_per_page = 20;

/// The longest prompt below a page.
constexpr std::string_view longest_prompt = "123456789012345678901234 [Enter,y,n,s,q,?] ";

constexpr std::string_view help_text =
    "list                   what waits for a decision; an empty line does the same\n"
    "show <id>              one request with everything that is known of it\n"
    "approve <id> [notes]   let the call run\n"
    "reject <id> [notes]    refuse it; the notes are handed to the agent\n"
    "answer <id> <words>    give the agent these words instead, where its rule allows that\n"
    "audit                  what was decided and done, newest first\n"
    "more                   the next page of what was listed last\n"
    "quit                   leave without deciding; q, exit and the end of input do the same\n"
    "\n"
    "An id can be cut short as long as it fits one request only.\n";

/// Reads a line with its end. Returns false if the input ends before that.
bool read_line(std::istream& in, std::string& line) {
    return static_cast<bool>(std::getline(in, line)) && !in.eof();
}

}  // namespace

Prompt::Prompt(Reviewer& reviewer, std::ostream& out, const std::function<Screen()>& screen,
               std::string_view word_for_more)
    : reviewer_(reviewer), out_(out), screen_(screen), word_for_more_(word_for_more) {}

void Prompt::run(std::istream& in) {
    try_to_obey({Verb::list, {}, {}, {}});
    std::string line;
    while (out_ << "approvekit> " << std::flush) {
        if (!read_line(in, line)) break;
        const Command command = parse_command(line);
        if (command.verb == Verb::quit) return;
        try_to_obey(command);
    }
    out_ << std::endl;
}

void Prompt::try_to_obey(const Command& command) {
    try {
        obey(command);
    } catch (const Error& error) {
        say(text::escape(error.what(), screen_().charset), Colour::yellow);
    }
}

void Prompt::obey(const Command& command) {
    switch (command.verb) {
        case Verb::list:
            return list({});
        case Verb::more:
            return more();
        case Verb::show:
            return show(command);
        case Verb::approve:
            decide(Verdict::approve, command);
            return;
        case Verb::reject:
            decide(Verdict::reject, command);
            return;
        case Verb::answer:
            answer(command, std::string(command.notes));
            return;
        case Verb::audit:
            return audit({});
        case Verb::help:
            out_ << help_text;
            return;
        case Verb::quit:
            return;
        case Verb::unknown:
            return say("There is no command " + screen_().quote(command.word) + "; help lists those there are.");
    }
}

void Prompt::list(const std::string& cursor) {
    const RequestQuery query{.status = ApprovalStatus::pending, .limit = requests_per_page, .cursor = cursor};
    RequestPage page = reviewer_.list(query);
    seen_.forget_ended(reviewer_.storage());
    start_reading(std::move(page), [this, query, stops = reviewer_.stops()](Lines& lines, const RequestPage& drawn) {
        draw_stops_above(lines, stops);
        return draw_request_page(lines, reviewer_.storage(), query, drawn);
    });
}

void Prompt::audit(const std::string& cursor) {
    const AuditQuery query{.request_id = {}, .limit = entries_per_page, .cursor = cursor, .oldest_first = false};
    const AuditPage page = reviewer_.audit(query);
    Lines lines(screen_());
    draw_audit_page(lines, reviewer_.storage(), page);
    print(lines);
    offer_more(page.next, &Prompt::audit);
}

void Prompt::offer_more(const std::string& cursor, Listing listing) {
    more_ = cursor.empty() ? nullptr : listing;
    cursor_ = cursor;
    if (more_ != nullptr) say("There is more: " + word_for_more_, Colour::yellow);
}

bool Prompt::has_more_of_request() const noexcept {
    return more_ == &Prompt::read_on && !reading_->places.empty();
}

void Prompt::more() {
    if (more_ == nullptr) return say("There is nothing more; list and audit start again.");
    (this->*more_)(std::string(cursor_));
}

void Prompt::show(const Command& command) {
    if (command.id.empty()) return say("Which one? show <id>");
    show(reviewer_.find(command.id), Detail::whole);
}

void Prompt::show(const ApprovalRequest& request, Detail detail) {
    const std::string id = short_id(reviewer_.storage(), request.id);
    start_reading({.requests = {request}, .next = {}}, [id, detail](Lines& lines, const RequestPage& page) {
        DrawnRequest place{.start = 0};
        place.is_whole = draw_request(lines, page.requests.front(), id, detail);
        place.end = lines.size();
        return std::vector{place};
    });
}

void Prompt::read(Lines lines) {
    reading_ = Reading{.draw = {}, .lines = std::move(lines), .page = {}};
    read_on({});
}

void Prompt::start_reading(RequestPage page, Draw draw) {
    const Screen screen = screen_();
    Reading reading{.draw = std::move(draw), .lines = Lines(screen), .page = std::move(page)};
    lay_out(reading, screen);
    reading_ = std::move(reading);
    read_on({});
}

/// Lays `reading` out from the start, for `screen`. If something cannot be drawn, `reading` stays as it was, since
/// places belong to the lines that they count.
void Prompt::lay_out(Reading& reading, const Screen& screen) {
    Lines lines(screen);
    std::vector<DrawnRequest> places = reading.draw(lines, reading.page);
    reading.lines = std::move(lines);
    reading.places = std::move(places);
    reading.next = 0;
}

/// Shows the next screenful of what is being read.
void Prompt::read_on(const std::string& /*cursor*/) {
    const Screen screen = screen_();
    // A window may break lines that were made for another width into more rows than fit.
    if (reading_->draw && screen.width != reading_->lines.screen().width) lay_out(*reading_, screen);
    const std::size_t end = show_page(screen);
    const auto& [draw, lines, page, places, next] = *reading_;
    for (std::size_t index = 0; index < places.size() && places[index].start < end; ++index) {
        const bool is_whole = places[index].is_whole && places[index].end <= end;
        seen_.add(page.requests[index], is_whole ? Shown::whole : Shown::in_part);
    }
    if (end == lines.size()) return offer_more(page.next, &Prompt::list);
    more_ = &Prompt::read_on;
    say(rest_text(lines.size() - end), Colour::yellow);
}

std::string Prompt::rest_text(std::size_t lines) const {
    return std::to_string(lines) + " more lines: " + word_for_more_;
}

/// Shows as many lines as fit. Returns where they end.
std::size_t Prompt::show_page(const Screen& screen) {
    auto& [draw, lines, page, places, next] = *reading_;
    const std::size_t below = screen.rows_of(rest_text(lines.size())) + screen.rows_of(longest_prompt);
    const std::size_t room = std::max(screen.height, below + 1) - below;
    const auto fits = [&](std::size_t rows) { return screen.height == 0 || rows <= room; };
    const std::size_t start = next;
    bool is_too_low = false;
    for (std::size_t rows = 0; next < lines.size(); ++next) {
        rows += screen.rows_of(lines.line(next));
        if (fits(rows)) continue;
        if (next > start) break;
        is_too_low = true;
        for (DrawnRequest& place : places)
            place.is_whole = place.is_whole && (next < place.start || next >= place.end);
    }
    out_ << lines.text(start, next);
    if (is_too_low) say("The window is too low for this line.", Colour::yellow);
    return next;
}

bool Prompt::decide(Verdict verdict, const Command& command, const Json& edits,
                    const std::optional<GrantTerms>& grant) {
    if (command.id.empty()) {
        say("Which one? " + std::string(to_string(verdict)) + " <id> [notes]");
        return false;
    }
    const ApprovalRequest request = reviewer_.find(command.id);
    const std::string& id = request.id;
    if (verdict == Verdict::approve && !may_decide(request, "Approve")) return false;
    ReviewerAnswer answer = seen_as(request, std::string(command.notes), edits);
    answer.grant = grant;
    say_decided(verdict == Verdict::approve ? reviewer_.approve(id, answer) : reviewer_.reject(id, answer));
    return true;
}

bool Prompt::answer(const Command& command, const Json& words) {
    if (command.id.empty() || words == Json("")) {
        say("Which one, and what? answer <id> <words>");
        return false;
    }
    const ApprovalRequest request = reviewer_.find(command.id);
    if (!may_decide(request, "Answer")) return false;
    say_decided(reviewer_.answer(request.id, words, seen_as(request, {}, nullptr)));
    return true;
}

/// Whether a decision on `request` may be sent: if it waits, it must have been shown as it is now. If not, says why.
bool Prompt::may_decide(const ApprovalRequest& request, const std::string& verb) {
    if (request.status != ApprovalStatus::pending) return true;
    const std::string why_not = objection(request, verb);
    if (!why_not.empty()) say(why_not, Colour::yellow);
    return why_not.empty();
}

ReviewerAnswer Prompt::seen_as(const ApprovalRequest& request, std::string notes, const Json& edits) const {
    const Shown shown = seen_.shown(request);
    const std::string seen = shown == Shown::by_id ? std::string() : request.view_digest;
    return {.notes = std::move(notes), .seen = seen, .shown = shown, .edits = edits};
}

void Prompt::say_decided(const ApprovalRequest& after) {
    seen_.forget(after.id);
    Lines lines(screen_());
    draw_decision(lines, after, short_id(reviewer_.storage(), after.id));
    print(lines);
}

/// Returns why `request` cannot be approved yet, or whatever `verb` says. Empty if it can.
std::string Prompt::objection(const ApprovalRequest& request, const std::string& verb) const {
    const std::string show = "show " + screen_().name(short_id(reviewer_.storage(), request.id));
    if (!seen_.has(request)) return "It was not shown yet. " + verb + " it after: " + show;
    switch (seen_.shown(request)) {
        case Shown::whole:
            return {};
        case Shown::in_part:
            return "Only a part of it was shown. " + verb + " it after: " + show;
        default:
            return "the request is not the one that was shown; look again: " + show;
    }
}

void Prompt::print(const Lines& lines) {
    out_ << lines.text();
}

void Prompt::say(std::string_view text, Colour colour) {
    Lines lines(screen_());
    lines.add(0, text, colour);
    print(lines);
}

}  // namespace approvekit::terminal
