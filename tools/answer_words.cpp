#include "answer_words.hpp"

#include "approvekit/decision.hpp"
#include "approvekit/error.hpp"
#include "approvekit/terminal_text.hpp"

#include <fstream>

namespace approvekit::tools {
namespace {

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
