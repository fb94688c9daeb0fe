#include "approvekit/error.hpp"
#include "record/edits.hpp"
#include "terminal/command.hpp"
#include "terminal/decision_view.hpp"
#include "terminal/layout.hpp"
#include "terminal/review_session.hpp"
#include "terminal/short_text.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace approvekit::terminal {
namespace {

/// To replace a text, a person types the text as it is. Anything else is typed as JSON, and so is a text that begins
/// with quotes. Throws ArgumentsRefusedError if the line is neither.
Json typed_value(const std::string& line, const Json& asked) {
    return asked.is_string() && !line.starts_with('"') ? Json(line) : parse_json(line);
}

}  // namespace

bool ReviewSession::can_edit() const {
    return current_ && !current_->editable().empty();
}

void ReviewSession::edit(std::string_view rest) {
    if (!current_) return prompt_.say("No request is shown. Enter shows the next one.");
    const std::vector<std::string> paths = current_->editable();
    if (paths.empty()) return prompt_.say("Nothing of it may be edited.");
    const std::string path = rest.empty() && paths.size() == 1 ? paths.front() : std::string(rest);
    const std::string listed = listed_paths(screen_(), paths);
    if (path.empty()) return prompt_.say("Which one? e args.body; what may be edited is " + listed);
    if (std::find(paths.begin(), paths.end(), path) == paths.end())
        return prompt_.say(screen_().quote(path) + " may not be edited; what may is " + listed, Colour::yellow);
    ask_for_value(path);
}

void ReviewSession::ask_for_value(const std::string& path) {
    const std::string shown = screen_().name(path);
    asks_for_note_ = true;
    const auto line = lines_.read("New value of " + shown + " (Enter: as it was): ", LineReader::Kind::note, *this);
    asks_for_note_ = false;
    if (!line || !current_) return prompt_.say("Nothing was edited.");
    try {
        take_value(path, *line);
    } catch (const Error& error) {
        prompt_.say(text::escape(error.what(), screen_().charset), Colour::yellow);
    }
    say_edits();
}

void ReviewSession::take_value(const std::string& path, const std::string& line) {
    Json edits = edits_.is_null() ? Json::object() : edits_;
    edits.erase(path);
    const Json asked = record::value_at(current_->tool_args, path);
    Json value = line.empty() ? asked : typed_value(line, asked);
    if (!record::is_same_edit(value, asked)) edits[path] = std::move(value);
    const auto objection = edits.empty() ? std::nullopt : record::objection_to_edits(*current_, edits);
    if (objection) throw DecisionError(ErrorCode::invalid_edit, *objection);
    edits_ = edits.empty() ? Json() : std::move(edits);
}

void ReviewSession::say_edits() {
    if (edits_.is_null()) return prompt_.say("It runs as it was asked, when it is approved.");
    constexpr std::size_t label_width = 9;
    Lines lines(screen_());
    lines.add(0, "When it is approved, it runs with:");
    draw_edits(lines, 2, label_width, "", edits_);
    out_ << lines.text();
}

namespace {

std::optional<std::int64_t> count_of(std::string_view word) {
    std::int64_t count = 0;
    const auto parsed = std::from_chars(word.data(), word.data() + word.size(), count);
    return parsed.ec == std::errc{} && parsed.ptr == word.data() + word.size() && count > 0 ? std::optional(count)
                                                                                            : std::nullopt;
}

}  // namespace

bool ReviewSession::can_grant() const {
    return current_ && current_->grantable();
}

void ReviewSession::grant(std::string_view rest) {
    if (!current_) return prompt_.say("No request is shown. Enter shows the next one.");
    const auto most = current_->grantable();
    if (!most) return prompt_.say("Nothing may be granted with it.");
    const auto uses = count_of(take_word(rest));
    const std::string time(take_word(rest));
    const auto lasts = grant_duration(Json(time));
    if (!uses || !lasts) {
        grant_.reset();
        return prompt_.say("Nothing is granted. How many, and for how long? g 10 2h; what may be granted is " +
                           grantable_text(screen_(), *most));
    }
    GrantTerms terms;
    terms.uses = *uses;
    terms.lasts = *lasts;
    for (std::string_view path = take_word(rest); !path.empty(); path = take_word(rest))
        terms.free.emplace_back(path);
    grant_ = std::move(terms);
    say_grant();
}

void ReviewSession::say_grant() {
    std::string text = "When it is approved, the next " + std::to_string(grant_->uses) + " like it run too, within " +
                       duration_text(grant_->lasts);
    if (!grant_->free.empty()) text += ", with any " + listed_paths(screen_(), grant_->free);
    prompt_.say(text + ". g alone takes that back.");
}

bool ReviewSession::can_answer() const {
    return can_approve() && current_->answerable();
}

void ReviewSession::write_answer(std::string_view rest) {
    if (!current_) return prompt_.say("No request is shown. Enter shows the next one.");
    if (!current_->answerable()) return prompt_.say("It takes no answer: the rule of its policy does not allow one.");
    if (!can_answer()) return approve({});  // says what was not shown, and shows it
    const bool is_json = rest == "json";
    if (!is_json && !rest.empty()) return give_answer(std::string(current_->id), std::string(rest));
    const auto typed = typed_lines(is_json ? "Answer as JSON (an empty line ends it): "
                                           : "Answer for the agent (an empty line ends it): ");
    if (!typed || typed->empty() || !current_) return prompt_.say("Nothing was answered.");
    give_answer(std::string(current_->id), is_json ? parse_json(*typed) : Json(*typed));
}

std::optional<std::string> ReviewSession::typed_lines(const std::string& prompt) {
    std::string text;
    asks_for_note_ = true;
    std::optional<std::string> line;
    while ((line = lines_.read(text.empty() ? prompt : "... ", LineReader::Kind::note, *this)) && !line->empty())
        text += (text.empty() ? "" : "\n") + *line;
    asks_for_note_ = false;
    return line ? std::optional(text) : std::nullopt;
}

void ReviewSession::give_answer(const std::string& id, const Json& words) {
    const bool is_current = current_ && (current_->id == id || (!id.empty() && reviewer_.find(id).id == current_->id));
    if (!prompt_.answer({.verb = Verb::answer, .word = {}, .id = id, .notes = {}}, words) || !is_current) return;
    leave_current();
    show_next();
}

}  // namespace approvekit::terminal
