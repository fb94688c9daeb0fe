#pragma once

#include "approvekit/error.hpp"
#include "approvekit/json.hpp"

#include <string>

namespace approvekit {

/// The answer that a reviewer gave the caller of a held call instead of letting the call run. A plain value.
struct CallAnswer {
    std::string reviewer;  ///< who answered
    Json value = nullptr;  ///< the answer: a text or other JSON
    std::string notes;     ///< the reviewer's notes; may be empty

    /// The answer as text: a string as it is, everything else as JSON.
    [[nodiscard]] std::string words() const;

    /// For a language model: that a person answered, that the tool was not run, and the answer.
    [[nodiscard]] std::string text_for_model() const;
};

/// A reviewer answered the call instead of letting it run; notes() returns the answer as text. Guarded tools and
/// tickets return the answer when it has the type of the tool's result. Otherwise they throw this, and the call counts
/// as refused.
class AnsweredError : public RefusedError {
public:
    AnsweredError(const std::string& tool_name, const std::string& request_id, CallAnswer answer);

    [[nodiscard]] const CallAnswer& answer() const noexcept { return answer_; }

private:
    CallAnswer answer_;
};

}  // namespace approvekit
