#pragma once

#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit {

/// What went wrong. The values stay the same from release to release.
enum class ErrorCode {
    // Refusals: the call was understood and must not run.
    rejected,
    timeout,
    cancelled,
    denied,
    invalid_arguments,
    unknown_tool,
    altered,
    untrusted_decision,
    already_ran,
    key_conflict,
    key_in_use,
    stopped,
    limit_reached,
    answered,

    // The tool ran.
    tool_failed,
    outcome_unknown,
    cancelled_while_running,
    timed_out_while_running,

    // A reviewer's decision was not accepted.
    not_found,
    ambiguous,
    already_decided,
    already_voted,
    not_entitled,
    invalid_edit,
    invalid_grant,
    invalid_answer,
    expired,

    // Failures: nothing was decided, and nothing runs.
    storage_busy,
    storage_read_only,
    storage_full,
    storage_corrupt,
    storage_io,
    storage_forked,
    storage_closed,
    storage_moved,
    storage_refused,
    not_a_database,
    foreign_database,
    newer_database,
    unsafe_path,
    missing_database,

    invalid_policy,
    invalid_option,
    misuse,
    invalid_key,
    cryptography,
    server,
};

/// The stable text of a code, for logs and machines: "already_decided".
[[nodiscard]] std::string_view to_string(ErrorCode code) noexcept;

/// The base class of all errors of ApproveKit. Other exceptions of the guarded tools pass through unchanged.
class Error : public std::runtime_error {
public:
    Error(ErrorCode code, const std::string& message);

    [[nodiscard]] ErrorCode code() const noexcept { return code_; }

private:
    ErrorCode code_;
};

/// A guarded call was refused: it did not run and will not. This is an answer, not a failure.
class RefusedError : public Error {
public:
    RefusedError(ErrorCode code, const std::string& message, std::string tool_name, std::string request_id = {},
                 std::string reviewer = {}, std::string notes = {});

    [[nodiscard]] const std::string& tool_name() const noexcept { return tool_name_; }
    /// Empty when the call never became a request.
    [[nodiscard]] const std::string& request_id() const noexcept { return request_id_; }
    /// Empty when no person refused it.
    [[nodiscard]] const std::string& reviewer() const noexcept { return reviewer_; }
    [[nodiscard]] const std::string& notes() const noexcept { return notes_; }

private:
    std::string tool_name_;
    std::string request_id_;
    std::string reviewer_;
    std::string notes_;
};

/// A reviewer rejected the call; the text contains the reviewer's notes.
class ApprovalRejectedError : public RefusedError {
public:
    ApprovalRejectedError(const std::string& tool_name, const std::string& request_id, const std::string& reviewer,
                          const std::string& notes);
};

/// Nobody answered by the deadline, or the answer came after it; the text contains tool, timeout and request id.
class ApprovalTimeoutError : public RefusedError {
public:
    /// `reason` says how long nobody answered, or what came too late.
    ApprovalTimeoutError(const std::string& tool_name, const std::string& request_id, const std::string& reason);
};

/// The caller gave up, or something other than an answer ended the request; the text says what.
class ApprovalCancelledError : public RefusedError {
public:
    ApprovalCancelledError(const std::string& tool_name, const std::string& request_id, const std::string& reason);
};

/// The policy denies the call, with its message for the model. Thrown when the call is asked, or just before it starts
/// if the policy was changed in between.
class PolicyDeniedError : public RefusedError {
public:
    explicit PolicyDeniedError(const std::string& tool_name, const std::string& words = {},
                               const std::string& request_id = {});
};

/// The arguments cannot be shown to a reviewer faithfully: malformed, too large, too deep, not representable.
class ArgumentsRefusedError : public RefusedError {
public:
    explicit ArgumentsRefusedError(const std::string& message, const std::string& tool_name = {});
};

/// A model named a tool that is not registered; the text lists the registered ones.
class UnknownToolError : public RefusedError {
public:
    UnknownToolError(const std::string& tool_name, const std::string& known);
};

/// The stored request, or the arguments that were about to run, differ from what was submitted.
class RequestAlteredError : public RefusedError {
public:
    RequestAlteredError(const std::string& tool_name, const std::string& request_id,
                        const std::string& reason = "the stored request is not the one that was submitted");
};

/// The policy requires signed decisions, and this one has no valid signature of a listed reviewer.
class UntrustedDecisionError : public RefusedError {
public:
    UntrustedDecisionError(const std::string& tool_name, const std::string& request_id, const std::string& reason);
};

/// The call ran before under the same idempotency key; the text says how that run ended. It does not run again.
class AlreadyRanError : public RefusedError {
public:
    /// `state` is the name in the record: executed, failed or unknown. `note` is the error or the result of that run;
    /// if the run was asked to stop, it begins with "cancelled while running" or "timed out while running". `edit` says
    /// what a reviewer had changed in its arguments; empty: nothing.
    AlreadyRanError(const std::string& tool_name, const std::string& request_id, std::string_view state,
                    const std::string& note, bool ran_to_end, const std::string& edit = {});

    [[nodiscard]] const std::string& state() const noexcept { return state_; }
    /// Empty when nothing was recorded.
    [[nodiscard]] const std::string& note() const noexcept { return note_; }
    /// Whether that run completed by itself: it was executed, and nobody asked it to stop.
    [[nodiscard]] bool ran_to_end() const noexcept { return ran_to_end_; }

private:
    std::string state_;
    std::string note_;
    bool ran_to_end_;
};

/// The idempotency key belongs to a different call: another tool or other arguments.
class KeyConflictError : public RefusedError {
public:
    KeyConflictError(const std::string& tool_name, const std::string& request_id);
};

/// A live agent is waiting for the call with this idempotency key, or is running it.
class KeyInUseError : public RefusedError {
public:
    KeyInUseError(const std::string& tool_name, const std::string& request_id);
};

/// A stop covers the call's tool and agent: nothing that it covers starts until the stop is lifted.
class StoppedError : public RefusedError {
public:
    /// `reviewer` put the stop `stop_id` in force, by `way` and for `reason`.
    StoppedError(const std::string& tool_name, const std::string& request_id, const std::string& stop_id,
                 const std::string& reviewer, const std::string& way, const std::string& reason);

    [[nodiscard]] const std::string& stop_id() const noexcept { return stop_id_; }

private:
    std::string stop_id_;
};

/// The call exceeds the limit of its rule and does not start.
class LimitReachedError : public RefusedError {
public:
    /// `words` say which limit was reached. `may_be_held`: the policy lets a person decide on such a call. The error is
    /// then a storage's answer to its agent, and the agent asks for approval.
    LimitReachedError(const std::string& tool_name, const std::string& request_id, const std::string& words,
                      bool may_be_held = false);

    [[nodiscard]] bool may_be_held() const noexcept { return may_be_held_; }

private:
    bool may_be_held_;
};

/// A guarded tool ran and failed because a call into ApproveKit that it made itself was refused or failed. What the
/// tool did before that is not undone.
///
/// It is not a RefusedError, so that the refusal of the inner call is not mistaken for a refusal of the outer call. The
/// inner error is nested in it; use std::rethrow_if_nested.
class ToolFailedError : public Error, public std::nested_exception {
public:
    /// Construct it while `cause` is being handled.
    ToolFailedError(const std::string& tool_name, const std::string& request_id, const Error& cause);

    [[nodiscard]] const std::string& tool_name() const noexcept { return tool_name_; }
    /// Empty when the policy allowed the call at once.
    [[nodiscard]] const std::string& request_id() const noexcept { return request_id_; }

private:
    std::string tool_name_;
    std::string request_id_;
};

/// A tool throws this when it cannot tell whether it had its effect, for instance a payment that was sent but never
/// confirmed. The call is recorded as `unknown` instead of `failed`, and the exception reaches the caller unchanged.
class OutcomeUnknownError : public Error {
public:
    explicit OutcomeUnknownError(const std::string& message);
};

/// A guarded tool ran and was asked to stop before it ended: by its caller (cancelled_while_running), or because the
/// run_timeout of its rule had passed (timed_out_while_running). The text says what the tool then did. Its effects are
/// not undone, and nobody gets its result. It is not a RefusedError, since the call ran.
class RunStoppedError : public Error {
public:
    RunStoppedError(ErrorCode code, const std::string& tool_name, const std::string& request_id,
                    const std::string& story);

    [[nodiscard]] const std::string& tool_name() const noexcept { return tool_name_; }
    /// Empty when the policy allowed the call at once.
    [[nodiscard]] const std::string& request_id() const noexcept { return request_id_; }

private:
    std::string tool_name_;
    std::string request_id_;
};

/// The program used the library incorrectly: it asked for a result a second time, or used a ticket that was moved from.
class MisuseError : public Error {
public:
    explicit MisuseError(const std::string& message);
};

/// A decision was not accepted; the code says why (not_found, already_decided, untrusted_decision, ...).
class DecisionError : public Error {
public:
    using Error::Error;
};

/// The record could not be read or written. A guarded call does not start when this is thrown instead.
class StorageError : public Error {
public:
    using Error::Error;
};

/// One problem in a policy, and where it is.
struct PolicyProblem {
    std::string file;  ///< Empty for a policy that was built in code.
    int line = 0;      ///< From 1; 0 when there is no text to point into.
    int column = 0;    ///< From 1.
    std::string path;  ///< "rules[2].timeout"
    std::string message;

    /// "policy.yaml:3:5: rules[2].timeout: ..."
    [[nodiscard]] std::string text() const;
};

/// A policy could not be understood, so none of it applies. The text lists all problems, one per line.
class PolicyError : public Error {
public:
    explicit PolicyError(std::vector<PolicyProblem> problems);

    [[nodiscard]] const std::vector<PolicyProblem>& problems() const noexcept { return problems_; }

private:
    std::vector<PolicyProblem> problems_;
};

}  // namespace approvekit
