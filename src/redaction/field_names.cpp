#include "redaction/field_names.hpp"

#include "text/ascii.hpp"

#include <algorithm>
#include <iterator>

namespace approvekit {
namespace {

/// The last step of a path, or the whole of a name.
std::string_view last_step(std::string_view field) {
    const std::size_t dot = field.rfind('.');
    return dot == std::string_view::npos ? field : field.substr(dot + 1);
}

/// Whether what follows a name makes it one that gets a value: `": `, `' =`, `:`.
bool gives_a_value(std::string_view after) {
    const std::size_t sign = after.find_first_not_of("\"'`\\ \t\r\n");
    return sign != std::string_view::npos && (after[sign] == ':' || after[sign] == '=');
}

}  // namespace

FieldNames::FieldNames(const std::vector<std::string>& fields) {
    std::transform(fields.begin(), fields.end(), std::back_inserter(names_), lower_case);
    std::erase(names_, "");
    std::sort(names_.begin(), names_.end());
    std::copy_if(names_.begin(), names_.end(), std::back_inserter(paths_),
                 [](std::string_view name) { return name.find('.') != std::string_view::npos; });
}

bool FieldNames::hide(std::string_view key, const Paths& paths) const {
    const std::string name = lower_case(key);
    return std::binary_search(names_.begin(), names_.end(), name) ||
           std::find(paths.begin(), paths.end(), name) != paths.end();
}

FieldNames::Paths FieldNames::below(std::string_view key, const Paths& paths) {
    Paths left;
    if (paths.empty()) return left;
    const std::string step = lower_case(key) + '.';
    for (const std::string_view path : paths) {
        if (path.starts_with(step)) left.push_back(path.substr(step.size()));
    }
    return left;
}

bool FieldNames::seem_set_in(std::string_view text) const {
    const std::string lower = lower_case(text);
    return std::any_of(names_.begin(), names_.end(), [&](std::string_view field) {
        const std::string_view name = last_step(field);
        for (std::size_t at = lower.find(name); at != std::string::npos; at = lower.find(name, at + 1)) {
            if (gives_a_value(std::string_view(lower).substr(at + name.size()))) return true;
        }
        return false;
    });
}

}  // namespace approvekit
