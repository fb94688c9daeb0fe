#include "approvekit/outcome.hpp"

namespace approvekit {

std::string Refusal::text_for_model() const {
    std::string text =
        (ran ? "The call ran and failed; what it did until then stands: " : "The call was not executed: ") + message;
    if (!notes.empty() && message.find(notes) == std::string::npos) text += " The reviewer's notes: " + notes;
    text += code == ErrorCode::invalid_arguments ? " Correct the arguments before you try again."
                                                 : " Do not repeat the same call; choose another way or ask the user.";
    return text;
}

Refusal describe(const RefusedError& error) {
    return {error.code(), error.what(), error.tool_name(), error.request_id(), error.reviewer(), error.notes()};
}

Refusal describe(const ToolFailedError& error) {
    return {error.code(), error.what(), error.tool_name(), error.request_id(), {}, {}, true};
}

}  // namespace approvekit
