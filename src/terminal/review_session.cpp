#include "terminal/review_session.hpp"

#include "approvekit/error.hpp"
#include "terminal/layout.hpp"
#include "terminal/request_view.hpp"
#include "terminal/short_text.hpp"
#include "terminal/waiting_requests.hpp"

#include <algorithm>
#include <charconv>
#include <ostream>
#include <utility>

namespace approvekit::terminal {
namespace {

constexpr std::string_view commands_text =
    "\n"
    "list                   what waits, a line each; then 2 stands for the second of them\n"
    "show <id>              one request with everything that is known of it\n"
    "approve <id> [notes]   let the call run; y does that with the one that is shown\n"
    "reject <id> [notes]    refuse it; the notes are handed to the agent\n"
    "answer <id> <words>    give the agent these words instead, where its rule allows that\n"
    "audit                  what was decided and done, newest first\n"
    "more                   the next page; Enter does the same\n"
    "quit                   leave without deciding\n"
    "\n"
    "Notes can stand behind y and n too. Tab completes commands and ids.\n";

constexpr std::string_view ended_text = "It waits no longer. Enter shows the next one.";
constexpr std::size_t most_digits = 3;  // of a number in the list; the start of an id has at least four

/// Another program may have put ids on record that mean something to a terminal or a shell.
bool is_plain(std::string_view id) {
    return std::all_of(id.begin(), id.end(), [](char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
               (letter >= '0' && letter <= '9') || letter == '-' || letter == '_';
    });
}

}  // namespace

const std::vector<ReviewSession::Key>& ReviewSession::keys() {
    using Self = ReviewSession;
    static const std::vector<Key> table{
        {"y", "let the call run", &Self::can_approve, &Self::approve},
        {"n", "refuse it", &Self::has_current, &Self::reject},
        {"e", "let it run with another argument: e args.body", &Self::can_edit, &Self::edit},
        {"g", "grant more like it when it is approved: g 10 2h, or g 10 2h args.to", &Self::can_grant, &Self::grant},
        {"w", "answer instead of letting it run; w json takes JSON", &Self::can_answer, &Self::write_answer},
        {"s", "skip it for now", &Self::has_current, &Self::skip},
        {"q", "leave without deciding; Ctrl+C and Ctrl+D do the same", &Self::always, &Self::leave},
        {"?", "this help", &Self::always, &Self::help},
    };
    return table;
}

const ReviewSession::Key* ReviewSession::find_key(std::string_view letter) {
    const auto found = std::find_if(keys().begin(), keys().end(), [&](const Key& key) { return key.letter == letter; });
    return found == keys().end() ? nullptr : &*found;
}

ReviewSession::ReviewSession(Reviewer& reviewer, std::ostream& out, const std::function<Screen()>& screen,
                             LineReader& lines)
    : reviewer_(reviewer),
      out_(out),
      screen_(screen),
      lines_(lines),
      prompt_(reviewer, out, screen, "Enter"),
      arrivals_(reviewer.storage()),
      waiting_(reviewer),
      stops_(reviewer) {}

void ReviewSession::run() {
    try_to([this] { show_next(); });
    while (!leaves_ && out_ << std::flush) {
        const auto line = lines_.read(prompt_text(), LineReader::Kind::command, *this);
        if (!line) break;
        try_to([&] { obey(*line); });
    }
}

void ReviewSession::try_to(const std::function<void()>& act) {
    try {
        act();
    } catch (const Error& error) {
        if (waiting_.is_unsure()) arrivals_.look_again();
        prompt_.say(text::escape(error.what(), screen_().charset), Colour::yellow);
    }
}

void ReviewSession::obey(const std::string& line) {
    std::string_view rest = line;
    const std::string_view word = take_word(rest);
    if (word.empty()) return go_on();
    if (const Key* const key = find_key(word)) return (this->*key->act)(rest);
    if (const std::string id = id_for(word); id != word) return show(id, Detail::decision);
    obey(parse_command(line));
}

void ReviewSession::obey(const Command& command) {
    switch (command.verb) {
        case Verb::list:
            return list();
        case Verb::more:
            return prompt_.has_more() ? show_rest() : prompt_.more();
        case Verb::show:
            if (command.id.empty()) return prompt_.say("Which one? show <id>");
            return show(id_for(command.id), Detail::whole);
        case Verb::approve:
            return decide(Verdict::approve, id_for(command.id), command);
        case Verb::reject:
            return decide(Verdict::reject, id_for(command.id), command);
        case Verb::answer:
            return give_answer(id_for(command.id), std::string(command.notes));
        case Verb::audit:
            return prompt_.audit({});
        case Verb::help:
            return help({});
        case Verb::quit:
            return leave({});
        case Verb::unknown:
            return prompt_.say("There is no command " + screen_().quote(command.word) + "; ? lists those there are.");
    }
}

/// What an empty line does.
void ReviewSession::go_on() {
    if (prompt_.has_more()) return show_rest();
    if (!current_ || has_ended_) return show_next();
    list();
}

void ReviewSession::approve(std::string_view rest) {
    if (!current_) return prompt_.say("No request is shown. Enter shows the next one.");
    if (can_approve()) return answer(Verdict::approve, rest);
    prompt_.say("Not all of it was shown yet.", Colour::yellow);
    if (prompt_.has_more_of_request()) return show_rest();
    show(std::string(current_->id), Detail::decision);
}

void ReviewSession::reject(std::string_view rest) {
    if (!current_) return prompt_.say("No request is shown. Enter shows the next one.");
    answer(Verdict::reject, rest);
}

void ReviewSession::skip(std::string_view /*rest*/) {
    if (current_) skipped_.insert(current_->id);
    show_next();
}

void ReviewSession::leave(std::string_view /*rest*/) {
    leaves_ = true;
}

void ReviewSession::help(std::string_view /*rest*/) {
    for (const Key& key : keys()) {
        if ((this->*key.is_offered)()) out_ << pad(key.letter, 21) << "  " << key.help << '\n';
    }
    out_ << commands_text;
}

bool ReviewSession::can_approve() const {
    return current_ && prompt_.has_shown(*current_);
}

void ReviewSession::answer(Verdict verdict, std::string_view notes) {
    std::optional<std::string> note(notes);
    if (verdict == Verdict::approve && !edits_.is_null()) say_edits();
    if (verdict == Verdict::approve && grant_) say_grant();
    if (notes.empty()) {
        asks_for_note_ = true;
        note = lines_.read("Note for the agent (Enter: none): ", LineReader::Kind::note, *this);
        asks_for_note_ = false;
    }
    if (!note) return prompt_.say("Nothing was decided.");
    const Verb verb = verdict == Verdict::approve ? Verb::approve : Verb::reject;
    decide(verdict, std::string(current_->id), {.verb = verb, .word = {}, .id = {}, .notes = *note});
}

void ReviewSession::decide(Verdict verdict, const std::string& id, Command command) {
    command.id = id;
    const bool is_current = current_ && (current_->id == id || (!id.empty() && reviewer_.find(id).id == current_->id));
    bool is_done = false;
    try {
        const bool takes_along = is_current && verdict == Verdict::approve;
        is_done = prompt_.decide(verdict, command, takes_along ? edits_ : Json(), takes_along ? grant_ : std::nullopt);
    } catch (const DecisionError& error) {
        if (!is_current) throw;
        prompt_.say(text::escape(error.what(), screen_().charset), Colour::yellow);
        is_done = error.code() == ErrorCode::already_decided || error.code() == ErrorCode::expired ||
                  error.code() == ErrorCode::cancelled || error.code() == ErrorCode::not_found ||
                  error.code() == ErrorCode::already_voted;
    }
    if (!is_current) return;
    if (is_done) {
        leave_current();
        return show_next();
    }
    show(std::string(current_->id), Detail::decision);
}

/// The current request has this reviewer's answer. It may still wait for others'.
void ReviewSession::leave_current() {
    const auto found = reviewer_.storage().find(current_->id);
    if (found && found->status == ApprovalStatus::pending) {
        voted_.insert(current_->id);
    } else {
        waiting_.forget(current_->id);
    }
}

void ReviewSession::list() {
    const Screen screen = screen_();
    std::vector<const WaitingRequest*> requests = waiting_.in_order(screen.now);
    numbered_.clear();
    for (const WaitingRequest* const request : requests)
        numbered_.push_back(request->id);
    Lines lines(screen);
    stops_.draw(lines);
    lines.add(0, waiting_.overview(screen.now));
    draw_waiting_list(lines, reviewer_.storage(), requests);
    prompt_.read(std::move(lines));
}

void ReviewSession::show_next() {
    current_.reset();
    edits_ = nullptr;
    grant_.reset();
    const Time now = screen_().now;
    waiting_.follow(arrivals_.take(), now);
    if (waiting_.size() == 0) waiting_.follow({.changes = {}, .look_at_everything = true}, now);
    Lines stops(screen_());
    stops_.draw(stops);
    out_ << stops.text();
    prompt_.say(waiting_.overview(now));
    waiting_.told();
    const auto requests = waiting_.in_order(now);
    const auto is_skipped = [this](const WaitingRequest* request) {
        return skipped_.contains(request->id) || voted_.contains(request->id);
    };
    if (!requests.empty() && std::all_of(requests.begin(), requests.end(), is_skipped)) {
        prompt_.say(skipped_.empty() ? "They wait for others: you have voted on all of them."
                                     : "All of them were skipped; they come again.");
        skipped_.clear();
    }
    const auto next = std::find_if_not(requests.begin(), requests.end(), is_skipped);
    if (next != requests.end()) show(std::string((*next)->id), Detail::decision);
}

void ReviewSession::show(const std::string& id, Detail detail) {
    ApprovalRequest request = reviewer_.find(id);
    prompt_.show(request, detail);
    if (request.status != ApprovalStatus::pending) say_that_it_ended(request);
    out_ << std::flush;
    lines_.forget_typed_ahead();
    if (request.status != ApprovalStatus::pending) return waiting_.forget(request.id);
    const bool is_same = current_ && current_->id == request.id && current_->view_digest == request.view_digest;
    if (!is_same) {
        edits_ = nullptr;
        grant_.reset();
    }
    current_name_ = shorten(screen_().name(short_id(reviewer_.storage(), request.id)), 24);
    current_ = std::move(request);
    has_ended_ = false;
    if (!edits_.is_null()) say_edits();
    if (grant_) say_grant();
}

void ReviewSession::show_rest() {
    const bool is_request = prompt_.has_more_of_request();
    prompt_.more();
    out_ << std::flush;
    if (is_request) lines_.forget_typed_ahead();
}

/// The letters stay with the request that was shown before, if there is one.
void ReviewSession::say_that_it_ended(const ApprovalRequest& request) {
    const std::string actor = actor_text(screen_(), request.reviewer, request.way);
    std::string text = "It waits no longer: " + std::string(to_string(request.status));
    text += actor.empty() ? "." : " " + actor + ".";
    if (current_ && current_->id != request.id) text += " The letters answer " + current_name_ + ".";
    prompt_.say(text, Colour::yellow);
}

std::string ReviewSession::id_for(std::string_view word) const {
    std::size_t number = 0;
    const auto parsed = std::from_chars(word.data(), word.data() + word.size(), number);
    const bool is_number = word.size() <= most_digits && parsed.ec == std::errc{} && parsed.ptr == word.end();
    return is_number && number >= 1 && number <= numbered_.size() ? numbered_[number - 1] : std::string(word);
}

/// Returns for example "3f2a91bc [y,n,s,q,?] ", with the letters that do something now.
std::string ReviewSession::prompt_text() const {
    if (!current_ && !prompt_.has_more()) return "approvekit> ";
    std::string letters = prompt_.has_more() ? "Enter" : "";
    for (const Key& key : keys()) {
        if ((this->*key.is_offered)()) letters.append(letters.empty() ? "" : ",").append(key.letter);
    }
    return (current_ ? current_name_ : "approvekit") + " [" + letters + "] ";
}

std::string ReviewSession::news() {
    std::string text;
    try {
        const std::vector<std::string>& added = waiting_.follow(arrivals_.take(), screen_().now);
        text = told_of_stops();
        text += told_of_end();
        text += told_of_new(added);
        waiting_.told();
        complaint_.clear();
    } catch (const Error& error) {
        arrivals_.look_again();
        if (std::exchange(complaint_, error.what()) == error.what()) return text;
        Lines lines(screen_());
        lines.add(0, text::escape(error.what(), lines.screen().charset), Colour::yellow);
        text += lines.text();
    }
    return text;
}

std::string ReviewSession::told_of_stops() {
    Lines lines(screen_());
    stops_.draw_changes(lines);
    return lines.text();
}

std::string ReviewSession::told_of_new(const std::vector<std::string>& added) const {
    constexpr std::size_t most_told = 3;
    if (added.empty()) return {};
    Lines lines(screen_());
    const Screen& screen = lines.screen();
    if (added.size() > most_told) {
        lines.add(0, std::to_string(added.size()) + " new. " + waiting_.overview(screen.now), Colour::yellow);
        return lines.text();
    }
    for (const std::string& id : added) {
        constexpr std::string_view label = "New: ";
        const WaitingRequest& request = *waiting_.find(id);
        const std::string line =
            waiting_line(screen, request, short_id(reviewer_.storage(), id), screen.width - label.size());
        lines.add(0, std::string(label) + line, Colour::yellow);
    }
    return lines.text();
}

std::string ReviewSession::told_of_end() {
    if (!current_ || has_ended_) return {};
    const auto request = reviewer_.storage().find(current_->id);
    if (request && request->status == ApprovalStatus::pending) return {};
    Lines lines(screen_());
    if (request) draw_request_line(lines, *request, short_id(reviewer_.storage(), request->id));
    lines.add(0, asks_for_note_ ? "It waits no longer. Ctrl+D leaves the note." : ended_text, Colour::yellow);
    has_ended_ = true;
    return lines.text();
}

/// A line that answers the request on the screen, or one by its number in a list, would answer another one next time.
bool ReviewSession::may_come_back(std::string_view line) const {
    std::string_view rest = line;
    if (find_key(take_word(rest)) != nullptr) return false;
    const Command command = parse_command(line);
    const bool decides = command.verb == Verb::approve || command.verb == Verb::reject || command.verb == Verb::answer;
    return !decides || (command.notes.empty() && command.id.size() > most_digits);
}

std::vector<std::string> ReviewSession::completions(std::string_view before) {
    const std::size_t start = before.find_last_of(' ') + 1;
    const std::string_view typed = before.substr(start);
    std::string_view verb = before.substr(0, start);
    verb = take_word(verb);
    std::vector<std::string> words;
    const auto offer = [&](std::string_view word) {
        if (word.starts_with(typed) && is_plain(word)) words.emplace_back(word);
    };
    if (verb.empty()) {
        for (const std::string_view word :
             {"answer", "approve", "audit", "help", "list", "more", "quit", "reject", "show"})
            offer(word);
    } else if (verb == "answer" || verb == "approve" || verb == "reject" || verb == "show") {
        for (const WaitingRequest* const request : waiting_.in_order(screen_().now))
            offer(request->id);
    }
    return words;
}

}  // namespace approvekit::terminal
