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
    CLI::Option_group* const words = command.add_option_group("Answer");
    words->add_option("--text", text, "The answer, a text")->type_name("TEXT");
    words->add_option("--value", value, "The answer, as JSON: '{\"rooms\": 2}'")->type_name("JSON");
    words->add_option("--file", file, "A file that has the text of the answer")->type_name("FILE");
    words->require_option(1);
}

Json AnswerWords::read() const {
    if (!file.empty()) return text_in(file);
    if (value.empty()) return text;
    try {
        return parse_json(value);
    } catch (const ArgumentsRefusedError& error) {
        throw Error(ErrorCode::invalid_option,
                    std::string("--value takes JSON, and --text a text as it is: ") + error.what());
    }
}

}  // namespace approvekit::tools
