#pragma once

#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit {

/// What went wrong, as a value that stays the same from release to release.
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

    // A reviewer's decision that could not be taken.
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

/// The root of everything that ApproveKit throws. Other exceptions of the guarded tools pass through untouched.
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

/// A reviewer said no; the text carries the reviewer's notes.
class ApprovalRejectedError : public RefusedError {
public:
    ApprovalRejectedError(const std::string& tool_name, const std::string& request_id, const std::string& reviewer,
                          const std::string& notes);
};

/// Nobody answered by the deadline, or the answer came after it; the text carries tool, timeout and request id.
class ApprovalTimeoutError : public RefusedError {
public:
    /// `reason` tells how long nobody answered, or what came too late.
    ApprovalTimeoutError(const std::string& tool_name, const std::string& request_id, const std::string& reason);
};

/// The caller gave up, or something else than an answer ended the request; the text says what.
class ApprovalCancelledError : public RefusedError {
public:
    ApprovalCancelledError(const std::string& tool_name, const std::string& request_id, const std::string& reason);
};

/// The policy denies the call outright, with what it says to the model: when it is asked, or, where the policy was
/// changed since, when it is to start.
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

/// A model named a tool that is not registered; the text lists those that are.
class UnknownToolError : public RefusedError {
public:
    UnknownToolError(const std::string& tool_name, const std::string& known);
};

/// The stored request, or the arguments that were about to run, are no longer those that were submitted.
class RequestAlteredError : public RefusedError {
public:
    RequestAlteredError(const std::string& tool_name, const std::string& request_id,
                        const std::string& reason = "the stored request is not the one that was submitted");
};

/// The policy wants signed decisions and this one bears no valid signature of a listed reviewer.
class UntrustedDecisionError : public RefusedError {
public:
    UntrustedDecisionError(const std::string& tool_name, const std::string& request_id, const std::string& reason);
};

/// The call ran before under the same idempotency key; the text tells how that ended. It does not run again.
class AlreadyRanError : public RefusedError {
public:
    /// `state` as the record names it: executed, failed or unknown. `note` is the error of that run, or its result; of
    /// one that was asked to stop it begins with "cancelled while running" or "timed out while running".
    /// `edit` says what a reviewer had changed of its arguments; empty: nothing.
    AlreadyRanError(const std::string& tool_name, const std::string& request_id, std::string_view state,
                    const std::string& note, bool ran_to_end, const std::string& edit = {});

    [[nodiscard]] const std::string& state() const noexcept { return state_; }
    /// Empty where nothing was recorded.
    [[nodiscard]] const std::string& note() const noexcept { return note_; }
    /// Whether that run came to its end by itself: it was executed, and nobody asked it to stop.
    [[nodiscard]] bool ran_to_end() const noexcept { return ran_to_end_; }

private:
    std::string state_;
    std::string note_;
    bool ran_to_end_;
};

/// The idempotency key is that of another call: of another tool, or with other arguments.
class KeyConflictError : public RefusedError {
public:
    KeyConflictError(const std::string& tool_name, const std::string& request_id);
};

/// An agent that lives waits for the call with this idempotency key, or runs it.
class KeyInUseError : public RefusedError {
public:
    KeyInUseError(const std::string& tool_name, const std::string& request_id);
};

/// A stop is in force for the call's tool and agent: nothing that it covers starts until it is lifted.
class StoppedError : public RefusedError {
public:
    /// `reviewer` put the stop with that id in force, by that way and for that reason.
    StoppedError(const std::string& tool_name, const std::string& request_id, const std::string& stop_id,
                 const std::string& reviewer, const std::string& way, const std::string& reason);

    [[nodiscard]] const std::string& stop_id() const noexcept { return stop_id_; }

private:
    std::string stop_id_;
};

/// The call is beyond the limit that its rule puts on what starts, and does not start.
class LimitReachedError : public RefusedError {
public:
    /// `words` say what was reached. `may_be_held`: the policy has a person decide on such a call, so that this is the
    /// answer of a storage to an agent, which asks for approval then.
    LimitReachedError(const std::string& tool_name, const std::string& request_id, const std::string& words,
                      bool may_be_held = false);

    [[nodiscard]] bool may_be_held() const noexcept { return may_be_held_; }

private:
    bool may_be_held_;
};

/// A guarded tool ran and failed, because a call of ApproveKit that it made itself was refused or failed. What the tool
/// did before that stands.
///
/// No RefusedError, so that nobody takes the refusal of the inner call for one of the outer. That inner error is nested
/// in it: std::rethrow_if_nested.
class ToolFailedError : public Error, public std::nested_exception {
public:
    /// To be made while `cause` is being handled.
    ToolFailedError(const std::string& tool_name, const std::string& request_id, const Error& cause);

    [[nodiscard]] const std::string& tool_name() const noexcept { return tool_name_; }
    /// Empty when the policy allowed the call at once.
    [[nodiscard]] const std::string& request_id() const noexcept { return request_id_; }

private:
    std::string tool_name_;
    std::string request_id_;
};

/// For a tool to throw when it cannot tell whether it had its effect: a payment that was sent and never confirmed.
/// The call is recorded as `unknown` instead of `failed`, and the exception reaches the caller as it is.
class OutcomeUnknownError : public Error {
public:
    explicit OutcomeUnknownError(const std::string& message);
};

/// A guarded tool ran, and was asked to stop before it ended: by its caller (cancelled_while_running), or since the
/// run_timeout of its rule had passed (timed_out_while_running). The text says what the tool then did; that stands, and
/// its result is given to nobody. No RefusedError, for the call ran.
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

/// The program asked for what cannot be: a result for the second time, or anything of a ticket that was moved from.
class MisuseError : public Error {
public:
    explicit MisuseError(const std::string& message);
};

/// A decision could not be taken; the code tells why (not_found, already_decided, untrusted_decision, ...).
class DecisionError : public Error {
public:
    using Error::Error;
};

/// The record could not be read or written. No guarded call starts on one.
class StorageError : public Error {
public:
    using Error::Error;
};

/// One thing that is wrong with a policy, and where.
struct PolicyProblem {
    std::string file;  ///< Empty for a policy that was built in code.
    int line = 0;      ///< From 1; 0 when there is not text to point into.
    int column = 0;    ///< From 1.
    std::string path;  ///< "rules[2].timeout"
    std::string message;

    /// "policy.yaml:3:5: rules[2].timeout: ..."
    [[nodiscard]] std::string text() const;
};

/// A policy was not understood, so nothing of it applies. The text holds all problems, a line each.
class PolicyError : public Error {
public:
    explicit PolicyError(std::vector<PolicyProblem> problems);

    [[nodiscard]] const std::vector<PolicyProblem>& problems() const noexcept { return problems_; }

private:
    std::vector<PolicyProblem> problems_;
};

}  // namespace approvekit
