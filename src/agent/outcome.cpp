#include "approvekit/outcome.hpp"

namespace approvekit {

namespace {

bool was_stopped(const Refusal& refusal) {
    return refusal.code == ErrorCode::cancelled_while_running || refusal.code == ErrorCode::timed_out_while_running;
}

const char* beginning_of(const Refusal& refusal) {
    if (refusal.code == ErrorCode::already_ran) return "The call was not executed again: ";
    if (!refusal.ran) return "The call was not executed: ";
    if (refusal.code == ErrorCode::outcome_unknown)
        return "The call ran, and nobody can tell whether it had its effect: ";
    if (was_stopped(refusal)) return "The call ran and was asked to stop; what it did until then stands: ";
    return "The call ran and failed; what it did until then stands: ";
}

/// Returns what the model may do now.
const char* advice_on(const Refusal& refusal) {
    switch (refusal.code) {
        case ErrorCode::denied:
            return " The policy will refuse it again; choose another way or ask the user.";
        case ErrorCode::rejected:
            return " Do not repeat the same call; choose another way or ask the user.";
        case ErrorCode::answered:
            return " Go on from this answer; do not repeat the call.";
        case ErrorCode::already_ran:
            return refusal.ran_to_end
                       ? " Do not repeat the call: what it did stands. Go on from there, or ask the user."
                       : " Do not repeat the call: find out what it did, or ask the user.";
        case ErrorCode::key_conflict:
            return " Do not repeat it with this key: this key belongs to another call.";
        case ErrorCode::key_in_use:
            return " Do not repeat it now: wait for the other one, or ask the user.";
        case ErrorCode::stopped:
            return " Do not repeat it until the stop is lifted; choose another way or ask the user.";
        case ErrorCode::limit_reached:
            return " Do not repeat it now; choose another way or ask the user.";
        case ErrorCode::invalid_arguments:
            return " Correct the arguments before you try again.";
        case ErrorCode::unknown_tool:
            return " Call one of these, or choose another way.";
        case ErrorCode::timeout:
            return " Nobody said no; ask the user before you try again.";
        case ErrorCode::tool_failed:
        case ErrorCode::outcome_unknown:
        case ErrorCode::cancelled_while_running:
        case ErrorCode::timed_out_while_running:
            return " Find out what it did before you try again, or ask the user.";
        default:
            return " Ask the user before you try again.";
    }
}

}  // namespace

std::string Refusal::text_for_model() const {
    std::string text = beginning_of(*this) + message;
    if (!notes.empty() && message.find(notes) == std::string::npos) text += " The reviewer's notes: " + notes;
    return text + (text.ends_with('.') ? "" : ".") + advice_on(*this);
}

std::string text_for_model(const Json& result) {
    if (result.is_null()) return "Done.";
    if (result.is_string()) return result.get<std::string>();
    return result.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Refusal describe(const RefusedError& error) {
    Refusal refusal{error.code(), error.what(), error.tool_name(), error.request_id(), error.reviewer(), error.notes()};
    const auto* const earlier = dynamic_cast<const AlreadyRanError*>(&error);
    refusal.ran_to_end = earlier != nullptr && earlier->ran_to_end();
    return refusal;
}

Refusal describe(const AnsweredError& error) {
    return describe(static_cast<const RefusedError&>(error));
}

Refusal describe(const ToolFailedError& error) {
    return {error.code(), error.what(), error.tool_name(), error.request_id(), {}, {}, true};
}

Refusal describe(const RunStoppedError& error) {
    return {error.code(), error.what(), error.tool_name(), error.request_id(), {}, {}, true};
}

}  // namespace approvekit
