#include "answer_words.hpp"

#include "approvekit/decision.hpp"
#include "approvekit/error.hpp"
#include "approvekit/terminal_text.hpp"

#include <cstddef>
#include <fstream>
#include <string_view>

namespace approvekit::tools {
namespace {

/// The end of the path: the first equals sign that is not inside a quoted name.
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

std::string text_in(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    std::string text(maximum_answer_bytes + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (in.bad() || !in.eof()) {
        const std::string most = std::to_string(maximum_answer_bytes);
        throw Error(ErrorCode::invalid_option,
                    terminal_name(file) + " cannot be read, or has more than " + most + " bytes");
    }
    text.resize(static_cast<std::size_t>(in.gcount()));
    return text;
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

void AnswerWords::add_to(CLI::App& command) {
    CLI::Option* const as_text = command.add_option("--text", text, "The answer, a text")->type_name("TEXT");
    CLI::Option* const as_json =
        command.add_option("--value", value, "The answer, as JSON: '{\"rooms\": 2}'")->type_name("JSON");
    CLI::Option* const in_file =
        command.add_option("--file", file, "A file that has the text of the answer")->type_name("FILE");
    as_json->excludes(as_text);
    in_file->excludes(as_text)->excludes(as_json);
}

Json AnswerWords::read() const {
    if (text) return *text;
    if (file) return text_in(*file);
    if (!value) throw Error(ErrorCode::invalid_option, "an answer needs one of --text, --value and --file");
    try {
        return parse_json(*value);
    } catch (const ArgumentsRefusedError& error) {
        throw Error(ErrorCode::invalid_option,
                    std::string("--value takes JSON, and --text a text as it is: ") + error.what());
    }
}

}  // namespace approvekit::tools
