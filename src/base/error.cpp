#include "approvekit/error.hpp"

#include "base/enum_names.hpp"

#include <utility>

namespace approvekit {
namespace {

constexpr base::EnumNames<ErrorCode, 47> code_names({
    {ErrorCode::rejected, "rejected"},
    {ErrorCode::timeout, "timeout"},
    {ErrorCode::cancelled, "cancelled"},
    {ErrorCode::denied, "denied"},
    {ErrorCode::invalid_arguments, "invalid_arguments"},
    {ErrorCode::unknown_tool, "unknown_tool"},
    {ErrorCode::altered, "altered"},
    {ErrorCode::untrusted_decision, "untrusted_decision"},
    {ErrorCode::already_ran, "already_ran"},
    {ErrorCode::key_conflict, "key_conflict"},
    {ErrorCode::key_in_use, "key_in_use"},
    {ErrorCode::stopped, "stopped"},
    {ErrorCode::limit_reached, "limit_reached"},
    {ErrorCode::answered, "answered"},
    {ErrorCode::tool_failed, "tool_failed"},
    {ErrorCode::outcome_unknown, "outcome_unknown"},
    {ErrorCode::cancelled_while_running, "cancelled_while_running"},
    {ErrorCode::timed_out_while_running, "timed_out_while_running"},
    {ErrorCode::not_found, "not_found"},
    {ErrorCode::ambiguous, "ambiguous"},
    {ErrorCode::already_decided, "already_decided"},
    {ErrorCode::already_voted, "already_voted"},
    {ErrorCode::not_entitled, "not_entitled"},
    {ErrorCode::invalid_edit, "invalid_edit"},
    {ErrorCode::invalid_grant, "invalid_grant"},
    {ErrorCode::invalid_answer, "invalid_answer"},
    {ErrorCode::expired, "expired"},
    {ErrorCode::storage_busy, "storage_busy"},
    {ErrorCode::storage_read_only, "storage_read_only"},
    {ErrorCode::storage_full, "storage_full"},
    {ErrorCode::storage_corrupt, "storage_corrupt"},
    {ErrorCode::storage_io, "storage_io"},
    {ErrorCode::storage_forked, "storage_forked"},
    {ErrorCode::storage_closed, "storage_closed"},
    {ErrorCode::storage_moved, "storage_moved"},
    {ErrorCode::storage_refused, "storage_refused"},
    {ErrorCode::not_a_database, "not_a_database"},
    {ErrorCode::foreign_database, "foreign_database"},
    {ErrorCode::newer_database, "newer_database"},
    {ErrorCode::unsafe_path, "unsafe_path"},
    {ErrorCode::missing_database, "missing_database"},
    {ErrorCode::invalid_policy, "invalid_policy"},
    {ErrorCode::invalid_option, "invalid_option"},
    {ErrorCode::misuse, "misuse"},
    {ErrorCode::invalid_key, "invalid_key"},
    {ErrorCode::cryptography, "cryptography"},
    {ErrorCode::server, "server"},
});

/// Returns " (request 1234)", or an empty text for a call that never became a request.
std::string request_suffix(const std::string& request_id) {
    return request_id.empty() ? "" : " (request " + request_id + ")";
}

std::string rejected_text(const std::string& tool_name, const std::string& request_id, const std::string& reviewer,
                          const std::string& notes) {
    std::string text = tool_name + " was rejected";
    if (!reviewer.empty()) {
        text += " by " + reviewer;
    }
    if (!notes.empty()) {
        text += ": " + notes;
    }
    return text + request_suffix(request_id);
}

std::string joined(const std::vector<PolicyProblem>& problems) {
    std::string text;
    for (const PolicyProblem& problem : problems) {
        text += (text.empty() ? "" : "\n") + problem.text();
    }
    return text;
}

}  // namespace

std::string_view to_string(ErrorCode code) noexcept {
    return code_names.text(code);
}

Error::Error(ErrorCode code, const std::string& message) : std::runtime_error(message), code_(code) {}

RefusedError::RefusedError(ErrorCode code, const std::string& message, std::string tool_name, std::string request_id,
                           std::string reviewer, std::string notes)
    : Error(code, message),
      tool_name_(std::move(tool_name)),
      request_id_(std::move(request_id)),
      reviewer_(std::move(reviewer)),
      notes_(std::move(notes)) {}

ApprovalRejectedError::ApprovalRejectedError(const std::string& tool_name, const std::string& request_id,
                                             const std::string& reviewer, const std::string& notes)
    : RefusedError(ErrorCode::rejected, rejected_text(tool_name, request_id, reviewer, notes), tool_name, request_id,
                   reviewer, notes) {}

ApprovalTimeoutError::ApprovalTimeoutError(const std::string& tool_name, const std::string& request_id,
                                           const std::string& reason)
    : RefusedError(ErrorCode::timeout, tool_name + " timed out: " + reason + request_suffix(request_id), tool_name,
                   request_id) {}

ApprovalCancelledError::ApprovalCancelledError(const std::string& tool_name, const std::string& request_id,
                                               const std::string& reason)
    : RefusedError(ErrorCode::cancelled, tool_name + " was cancelled: " + reason + request_suffix(request_id),
                   tool_name, request_id) {}

PolicyDeniedError::PolicyDeniedError(const std::string& tool_name, const std::string& words,
                                     const std::string& request_id)
    : RefusedError(ErrorCode::denied,
                   tool_name + " is denied by the policy" + (words.empty() ? std::string() : ": " + words), tool_name,
                   request_id) {}

ArgumentsRefusedError::ArgumentsRefusedError(const std::string& message, const std::string& tool_name)
    : RefusedError(ErrorCode::invalid_arguments, tool_name.empty() ? message : tool_name + ": " + message, tool_name) {}

UnknownToolError::UnknownToolError(const std::string& tool_name, const std::string& known)
    : RefusedError(ErrorCode::unknown_tool, tool_name + ": no such tool; there are: " + known, tool_name) {}

RequestAlteredError::RequestAlteredError(const std::string& tool_name, const std::string& request_id,
                                         const std::string& reason)
    : RefusedError(ErrorCode::altered, tool_name + " was refused: " + reason + request_suffix(request_id), tool_name,
                   request_id) {}

UntrustedDecisionError::UntrustedDecisionError(const std::string& tool_name, const std::string& request_id,
                                               const std::string& reason)
    : RefusedError(ErrorCode::untrusted_decision,
                   tool_name + " was refused: its decision is not trusted: " + reason + request_suffix(request_id),
                   tool_name, request_id) {}

AlreadyRanError::AlreadyRanError(const std::string& tool_name, const std::string& request_id, std::string_view state,
                                 const std::string& note, bool ran_to_end, const std::string& edit)
    : RefusedError(ErrorCode::already_ran,
                   tool_name + " ran before under the same idempotency key; that run ended as " + std::string(state) +
                       (note.empty() ? "" : ": " + note) + request_suffix(request_id) +
                       (edit.empty() ? "" : ". " + edit),
                   tool_name, request_id),
      state_(state),
      note_(note),
      ran_to_end_(ran_to_end) {}

KeyConflictError::KeyConflictError(const std::string& tool_name, const std::string& request_id)
    : RefusedError(ErrorCode::key_conflict,
                   tool_name +
                       " was refused: its idempotency key is that of another call, with another tool or other "
                       "arguments" +
                       request_suffix(request_id),
                   tool_name, request_id) {}

KeyInUseError::KeyInUseError(const std::string& tool_name, const std::string& request_id)
    : RefusedError(ErrorCode::key_in_use,
                   tool_name +
                       " was refused: another agent is waiting for or running the call with this idempotency key" +
                       request_suffix(request_id),
                   tool_name, request_id) {}

StoppedError::StoppedError(const std::string& tool_name, const std::string& request_id, const std::string& stop_id,
                           const std::string& reviewer, const std::string& way, const std::string& reason)
    : RefusedError(ErrorCode::stopped,
                   tool_name + " is stopped by " + reviewer + " (" + way + "): " + reason + request_suffix(request_id),
                   tool_name, request_id, reviewer, reason),
      stop_id_(stop_id) {}

LimitReachedError::LimitReachedError(const std::string& tool_name, const std::string& request_id,
                                     const std::string& words, bool may_be_held)
    : RefusedError(ErrorCode::limit_reached,
                   tool_name + " is beyond a limit of the policy: " + words + request_suffix(request_id), tool_name,
                   request_id, {}, words),
      may_be_held_(may_be_held) {}

ToolFailedError::ToolFailedError(const std::string& tool_name, const std::string& request_id, const Error& cause)
    : Error(ErrorCode::tool_failed, tool_name + " ran and failed: " + cause.what() + request_suffix(request_id)),
      tool_name_(tool_name),
      request_id_(request_id) {}

OutcomeUnknownError::OutcomeUnknownError(const std::string& message) : Error(ErrorCode::outcome_unknown, message) {}

RunStoppedError::RunStoppedError(ErrorCode code, const std::string& tool_name, const std::string& request_id,
                                 const std::string& story)
    : Error(code, tool_name + (code == ErrorCode::cancelled_while_running ? " was " : " ") + story +
                      request_suffix(request_id)),
      tool_name_(tool_name),
      request_id_(request_id) {}

MisuseError::MisuseError(const std::string& message) : Error(ErrorCode::misuse, message) {}

std::string PolicyProblem::text() const {
    std::string text = file;
    if (line > 0) {
        text += (text.empty() ? "" : ":") + std::to_string(line) + ":" + std::to_string(column);
    }
    for (const std::string& part : {path, message}) {
        if (!part.empty()) {
            text += (text.empty() ? "" : ": ") + part;
        }
    }
    return text;
}

PolicyError::PolicyError(std::vector<PolicyProblem> problems)
    : Error(ErrorCode::invalid_policy, joined(problems)), problems_(std::move(problems)) {}

}  // namespace approvekit
