#include "terminal/edit_view.hpp"

namespace approvekit::terminal {

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

}  // namespace approvekit::terminal
