#include "approvekit/error.hpp"
#include "terminal/review_session.hpp"

#include <optional>
#include <string>

namespace approvekit::terminal {

bool ReviewSession::can_answer() const {
    return can_approve() && current_->answerable();
}

void ReviewSession::write_answer(std::string_view rest) {
    if (!current_) return prompt_.say("No request is shown. Enter shows the next one.");
    if (!current_->answerable()) return prompt_.say("It takes no answer: the rule of its policy does not allow one.");
    if (!can_answer()) return approve({});  // which says what was not shown, and shows it
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
