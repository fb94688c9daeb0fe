#include "approvekit/error.hpp"
#include "record/edits.hpp"
#include "terminal/decision_view.hpp"
#include "terminal/layout.hpp"
#include "terminal/review_session.hpp"

#include <algorithm>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace approvekit::terminal {
namespace {

/// A text is typed as it is, anything else as JSON, and so is a text that begins with quotes. Throws
/// ArgumentsRefusedError for what is neither.
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

}  // namespace approvekit::terminal
