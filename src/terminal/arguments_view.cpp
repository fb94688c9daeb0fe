#include "terminal/arguments_view.hpp"

#include "approvekit/terminal_text.hpp"
#include "json/path.hpp"
#include "terminal/layout.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace approvekit::terminal {
namespace {

/// Returns for example "string, length 9-32, fingerprint 1a2b3c4d".
std::string description(const Redaction& redaction, const Screen& screen) {
    std::string text = screen.name(redaction.type);
    if (!redaction.length.empty()) text += ", length " + screen.name(redaction.length);
    if (!redaction.fingerprint.empty()) text += ", fingerprint " + screen.name(redaction.fingerprint);
    return text;
}

class Drawing {
public:
    Drawing(Lines& lines, const std::vector<Redaction>& redactions) : lines_(lines), hidden_(redactions) {}

    void draw(std::size_t indent, const Json& value, const std::vector<std::string>& order) {
        if (value.is_structured() && !value.empty()) {
            draw_members(indent, value, members_of(value, order));
        } else {
            draw_leaf(indent, "value", 5, value);
        }
    }

    /// Draws what is hidden inside something else, for example in a text that holds JSON.
    void draw_rest(std::size_t indent) {
        for (const Redaction& redaction : hidden_) {
            lines_.add_row(indent, "hidden", 6,
                           screen().quote(redaction.path) + ": " + description(redaction, screen()), Colour::yellow);
        }
    }

private:
    [[nodiscard]] const Screen& screen() const noexcept { return lines_.screen(); }

    /// The most that the margin and the labels may each take, so that values keep half of the screen.
    [[nodiscard]] std::size_t most_margin() const noexcept { return screen().width / 4; }

    [[nodiscard]] std::string label(const Json& container, const Json::const_iterator& member) const {
        if (container.is_object()) return screen().name(member.key());
        return "[" + std::to_string(member - container.begin()) + "]";
    }

    using Members = std::vector<Json::const_iterator>;

    [[nodiscard]] static Members members_of(const Json& container, const std::vector<std::string>& order) {
        Members members;
        for (const std::string& name : order)
            members.push_back(container.find(name));
        if (!members.empty()) return members;
        for (auto member = container.begin(); member != container.end(); ++member)
            members.push_back(member);
        return members;
    }

    void draw_members(std::size_t indent, const Json& container, const Members& members) {
        std::size_t width = 0;
        for (const auto& member : members) {
            const std::size_t wanted = columns(label(container, member));
            if (wanted <= most_margin()) width = std::max(width, wanted);
        }
        path_.enter();
        std::size_t index = 0;
        for (const auto& member : members) {
            container.is_object() ? path_.at(std::string_view(member.key())) : path_.at(index++);
            draw_member(indent, label(container, member), width, *member);
        }
        path_.leave();
    }

    void draw_member(std::size_t indent, const std::string& label, std::size_t width, const Json& value) {
        if (!value.is_structured() || value.empty()) return draw_leaf(indent, label, width, value);
        if (indent + 2 > most_margin()) {
            lines_.add_row(indent, label, width, text::count_blanks(terminal_json(value)));
        } else {
            lines_.add(indent, label, Colour::cyan);
            draw_members(indent + 2, value, members_of(value, {}));
        }
    }

    void draw_leaf(std::size_t indent, const std::string& label, std::size_t width, const Json& value) {
        if (!value.is_string()) return lines_.add_row(indent, label, width, terminal_json(value));
        const auto& text = value.get_ref<const std::string&>();
        const auto redaction = text == redacted_text ? find_redaction() : hidden_.end();
        if (redaction == hidden_.end())
            return lines_.add_row(indent, label, width, text::quote_lines(text, screen().charset));
        lines_.add_row(indent, label, width, text + " " + description(*redaction, screen()), Colour::yellow);
        hidden_.erase(redaction);
    }

    [[nodiscard]] std::vector<Redaction>::iterator find_redaction() {
        return std::find_if(hidden_.begin(), hidden_.end(),
                            [path = path_.text()](const Redaction& redaction) { return redaction.path == path; });
    }

    Lines& lines_;
    std::vector<Redaction> hidden_;  // those that were not met yet
    json::JsonPath path_;
};

}  // namespace

void draw_arguments(Lines& lines, std::size_t indent, const Json& arguments, const std::vector<Redaction>& redactions,
                    const std::vector<std::string>& order) {
    Drawing drawing(lines, redactions);
    drawing.draw(indent, arguments, order);
    drawing.draw_rest(indent);
}

}  // namespace approvekit::terminal
