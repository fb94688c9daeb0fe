#pragma once

#include "approvekit/error.hpp"
#include "approvekit/json.hpp"

#include <string>

namespace approvekit {

/// What a reviewer gave the caller of a held call instead of letting it run. A plain value.
struct CallAnswer {
    std::string reviewer;  ///< who answered
    Json value = nullptr;  ///< what: a text, or other JSON
    std::string notes;     ///< what was said beside it; may be empty

    /// The answer as text: a text as it is, all else as JSON.
    [[nodiscard]] std::string words() const;

    /// For a language model: that a person answered, that the tool was not run, and the answer.
    [[nodiscard]] std::string text_for_model() const;
};

/// A reviewer answered the call instead of letting it run; notes() are the words. Guarded tools and tickets return the
/// answer where it has the type of the tool's result, and throw this where it has not: the call is refused then.
class AnsweredError : public RefusedError {
public:
    AnsweredError(const std::string& tool_name, const std::string& request_id, CallAnswer answer);

    [[nodiscard]] const CallAnswer& answer() const noexcept { return answer_; }

private:
    CallAnswer answer_;
};

}  // namespace approvekit
