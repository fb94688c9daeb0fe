#include "terminal/answer_view.hpp"

#include "approvekit/metadata_keys.hpp"
#include "text/utf8.hpp"

#include <string>

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

}  // namespace approvekit::terminal
