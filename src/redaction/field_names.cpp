#include "redaction/field_names.hpp"

#include "text/fold.hpp"
#include "text/glyph.hpp"

#include <algorithm>
#include <iterator>

namespace approvekit::redaction {
namespace {

/// Returns the non-empty parts of `text` between the characters of `separators`.
std::vector<std::string_view> parts_between(std::string_view text, std::string_view separators) {
    std::vector<std::string_view> parts;
    while (!text.empty()) {
        const std::string_view part = text.substr(0, text.find_first_of(separators));
        if (!part.empty()) parts.push_back(part);
        text.remove_prefix(std::min(part.size() + 1, text.size()));
    }
    return parts;
}

void sort_unique(FieldNames::Paths& names) {
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
}

/// Whether the sign at `at` gives a value to the name before it, or starts a comment that may stand between the two.
bool gives_a_value(std::string_view text, std::size_t at) {
    const std::string_view sign = text.substr(at);
    return !sign.starts_with('/') || sign.starts_with("//") || sign.starts_with("/*");
}

/// Returns `text` without the quotes and blanks after its last name.
std::string_view up_to_a_name(std::string_view text) {
    constexpr std::string_view quotes = "\"'`\\";
    while (true) {
        const std::string_view shorter = text::without_blanks_behind(text.substr(0, text.find_last_not_of(quotes) + 1));
        if (shorter.size() == text.size()) return text;
        text = shorter;
    }
}

bool is_part_of_a_word(char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '_';
}

/// Whether `word`, which follows a backslash, is exactly one escaped character together with it: \n, \x22, \u0022.
bool is_escaped(std::string_view word) {
    if (word.starts_with('u')) return word.size() == 5;
    if (word.starts_with('x')) return word.size() == 3;
    return word.size() == 1;
}

/// Whether `text`, which is folded, ends with `name` as a whole word, not as the end of a longer name.
bool ends_with_name(std::string_view text, std::string_view name) {
    if (!text.ends_with(name)) return false;
    const std::string_view before = text.substr(0, text.size() - name.size());
    const auto first = std::find_if_not(before.rbegin(), before.rend(), is_part_of_a_word).base();
    const std::string_view word(first, before.end());
    const bool is_behind_a_backslash = word.size() < before.size() && before[before.size() - word.size() - 1] == '\\';
    return word.empty() || !is_part_of_a_word(name.front()) || (is_behind_a_backslash && is_escaped(word));
}

bool is_number(std::string_view step) {
    return step.find_first_not_of("0123456789") == std::string_view::npos;
}

/// Returns what to write instead of a path in the syntax of another language.
std::string advice(std::string_view field) {
    std::string path;
    for (const std::string_view step : parts_between(field, "/[].'\"$#")) {
        if (!is_number(step)) path.append(path.empty() ? "" : ".").append(step);
    }
    return path.empty() ? "write the names of members, with dots between them" : "write \"" + path + '"';
}

bool has_a_position(std::string_view field) {
    for (std::size_t at = field.find('['); at != std::string_view::npos; at = field.find('[', at + 1)) {
        const std::string_view inside = field.substr(at + 1, field.find(']', at) - at - 1);
        if (is_number(inside) || inside.starts_with('"') || inside.starts_with('\'')) return true;
    }
    return false;
}

}  // namespace

FieldNames::FieldNames(const std::vector<std::string>& fields) {
    std::transform(fields.begin(), fields.end(), std::back_inserter(names_), text::folded);
    std::erase(names_, "");
    std::sort(names_.begin(), names_.end());
    for (const std::string_view name : names_) {
        const Paths steps = parts_between(name, ".");
        if (name.find('.') != std::string_view::npos) paths_.push_back(name);
        if (!steps.empty()) last_steps_.push_back(steps.back());
        steps_.insert(steps_.end(), steps.begin(), steps.end());
    }
    sort_unique(steps_);
    sort_unique(last_steps_);
}

bool FieldNames::hide(std::string_view key, const Paths& paths) const {
    const std::string name = text::folded(key);
    return std::binary_search(names_.begin(), names_.end(), name) ||
           std::find(paths.begin(), paths.end(), name) != paths.end();
}

FieldNames::Paths FieldNames::below(std::string_view key, const Paths& paths) {
    Paths left;
    if (paths.empty()) return left;
    const std::string step = text::folded(key) + '.';
    for (const std::string_view path : paths) {
        if (path.starts_with(step)) left.push_back(path.substr(step.size()));
    }
    return left;
}

bool FieldNames::seem_set_in(std::string_view text) const {
    if (!text::has_normal_form(text)) return !names_.empty();  // nobody can tell
    constexpr std::string_view signs = ":=#/";
    const std::string plain = text::folded(text);
    for (std::size_t at = plain.find_first_of(signs); at != std::string::npos;
         at = plain.find_first_of(signs, at + 1)) {
        if (!gives_a_value(plain, at)) continue;
        const std::string_view before = up_to_a_name(std::string_view(plain).substr(0, at));
        const auto named = [before](std::string_view name) { return ends_with_name(before, name); };
        if (std::any_of(last_steps_.begin(), last_steps_.end(), named)) return true;
    }
    return false;
}

bool FieldNames::mention(std::string_view key) const {
    const std::string name = text::folded(key);
    return std::binary_search(steps_.begin(), steps_.end(), name) ||
           std::binary_search(names_.begin(), names_.end(), name);
}

std::string field_fault(std::string_view field) {
    if (field.find('*') != std::string_view::npos) {
        return "is a pattern, and patterns hide nothing; name each member that is to be hidden";
    }
    if (field.find(',') != std::string_view::npos) {
        return "holds a comma; write each name as an item of its own";
    }
    if (field == "$" || field.starts_with("$.") || field.starts_with("$[")) {
        return "starts like a JSON path, which is not supported; " + advice(field);
    }
    if (field.starts_with('/') || field.starts_with("#/")) {
        return "starts like a JSON pointer, which is not supported; " + advice(field);
    }
    if (has_a_position(field)) {
        return "holds a position, but a name covers all items of a list; " + advice(field);
    }
    const bool has_an_empty_step =
        field.starts_with('.') || field.ends_with('.') || field.find("..") != std::string_view::npos;
    return has_an_empty_step ? "has a dot without a name beside it" : "";
}

}  // namespace approvekit::redaction
