#include "approvekit/call_answer.hpp"

#include "approvekit/outcome.hpp"

#include <utility>

namespace approvekit {

std::string CallAnswer::words() const {
    return approvekit::text_for_model(value);
}

std::string CallAnswer::text_for_model() const {
    const std::string beside = notes.empty() ? "" : " The reviewer's notes: " + notes;
    return "The tool was not run: the reviewer " + reviewer + " answered the call instead." + beside +
           " The answer: " + words();
}

AnsweredError::AnsweredError(const std::string& tool_name, const std::string& request_id, CallAnswer answer)
    : RefusedError(ErrorCode::answered,
                   tool_name + " was not run: " + answer.reviewer + " answered it instead (request " + request_id +
                       "): " + answer.words(),
                   tool_name, request_id, answer.reviewer,
                   answer.words() + (answer.notes.empty() ? "" : " (" + answer.notes + ")")),
      answer_(std::move(answer)) {}

}  // namespace approvekit
