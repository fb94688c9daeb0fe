#include "edit_settings.hpp"

#include "approvekit/error.hpp"

#include <cstddef>
#include <string_view>

namespace approvekit::tools {
namespace {

/// Where the path ends: at the first equals sign that is not within a name in quotes.
std::size_t end_of_path(std::string_view setting) {
    bool is_quoted = false;
    for (std::size_t index = 0; index < setting.size(); ++index) {
        if (setting[index] == '"') is_quoted = !is_quoted;
        if (setting[index] == '=' && !is_quoted) return index;
    }
    return std::string_view::npos;
}

Json value_of(const std::string& option, const std::string& path, std::string_view text) {
    try {
        return parse_json(text);
    } catch (const ArgumentsRefusedError& error) {
        throw Error(ErrorCode::invalid_option, option + " " + path +
                                                   " takes JSON, in which a text has quotes of its own, as in '" +
                                                   path + "=\"new text\"': " + error.what());
    }
}

}  // namespace

Json settings_of(const std::string& option, const std::vector<std::string>& settings) {
    Json edits;
    for (const std::string& setting : settings) {
        const std::size_t end = end_of_path(setting);
        if (end == std::string::npos || end == 0)
            throw Error(ErrorCode::invalid_option, option + " takes a path and a value, as in 'args.amount=7'");
        const std::string path = setting.substr(0, end);
        if (edits.contains(path)) throw Error(ErrorCode::invalid_option, option + " " + path + " is given twice");
        edits[path] = value_of(option, path, std::string_view(setting).substr(end + 1));
    }
    return edits;
}

}  // namespace approvekit::tools
