#pragma once

#include "approvekit/clock.hpp"
#include "approvekit/json.hpp"
#include "approvekit/metadata_keys.hpp"
#include "approvekit/policy.hpp"
#include "approvekit/quorum.hpp"
#include "approvekit/redaction.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit {

/// The status of a held call. Every status except pending is final.
enum class ApprovalStatus {
    pending,
    approved,
    rejected,
    timeout,
    cancelled,
    answered,  ///< a reviewer gave the caller an answer; the call does not run
};

/// The state of an approved call's run.
enum class RunState {
    none,      ///< not started
    running,   ///< claimed; the tool may have started
    executed,  ///< the tool returned
    failed,    ///< the tool threw
    unknown,   ///< not known: the agent died while the tool may have been running, or the tool could not tell
};

[[nodiscard]] std::string_view to_string(ApprovalStatus status) noexcept;
[[nodiscard]] std::string_view to_string(RunState state) noexcept;
[[nodiscard]] std::optional<ApprovalStatus> parse_approval_status(std::string_view text) noexcept;
[[nodiscard]] std::optional<RunState> parse_run_state(std::string_view text) noexcept;

/// The least time after its approval in which a call may start, if the policy does not say.
inline constexpr std::chrono::seconds usual_start_window{60};

/// What an agent submitted, for a request whose row was changed since. A plain value.
struct SubmittedView {
    std::string tool_name;
    Json tool_args = Json::object();
    Time created_at{};
    Json metadata = Json::object();
};

/// A reviewer's edits of a request's arguments, as everybody who views the request sees them. A plain value.
struct ApprovedEdit {
    Json edits = Json::object();      ///< the new values, keyed by path: `{"args.body": "Dear Ada"}`
    Json tool_args = Json::object();  ///< redacted, with the edits applied
    std::string view_digest;          ///< digest of the approved view, which a signature covers
};

/// A held call as reviewers see it. A plain value; it does not contain redacted values.
struct ApprovalRequest {
    std::string id;  ///< UUID text
    std::string tool_name;
    Json tool_args = Json::object();  ///< redacted
    ApprovalStatus status = ApprovalStatus::pending;
    Time created_at{};
    std::optional<Time> reviewed_at;
    std::optional<std::string> reviewer_notes;
    Json metadata = Json::object();  ///< what the policy says: risk_level, timeout, ... and the rule's own keys

    std::optional<Time> deadline;  ///< missing for a request written by another package
    std::string agent;             ///< who asks; empty for a request written by another package
    std::string nonce;             ///< set at submit; makes the signed text of each request unique
    std::string action_digest;     ///< commitment to the true arguments; see digest.hpp
    std::string view_digest;       ///< digest of what reviewers are shown
    std::string policy_digest;     ///< digest of the policy in force at submit
    std::vector<Redaction> redactions;

    std::string reviewer;  ///< who decided; empty while pending
    std::string way;       ///< the interface used: "web", "terminal", "library", "database", "agent", "sweep"
    RunState run = RunState::none;
    std::string run_note;             ///< the error text of a failed run
    std::optional<Time> started_at;   ///< when the call started
    std::optional<Time> finished_at;  ///< when it ended; for a run that ended as unknown, when this was noticed
    std::int64_t session = 0;         ///< number of the AgentSession that asked, or took the request over; 0: none

    /// The agent that asked is gone, and the request or its approval waits until an agent asks again with the same
    /// idempotency key.
    bool awaits_agent = false;

    /// How much time is left to answer, at the moment the request was read. Uses the clock that runs out first, so
    /// setting the wall clock back adds no time. Only set by a storage, and only while the request is pending.
    std::optional<std::chrono::microseconds> time_left;

    /// The latest time at which it may start, as wall-clock time at the moment the request was read. Uses the clock
    /// that runs out first. Only set by a storage, and only while the request is approved and not started.
    std::optional<Time> start_by;

    /// The votes on a request with a quorum; set by a storage. Empty for any other request.
    std::vector<Vote> votes;

    /// The changes by the reviewer who approved it; set by a storage. Missing when nothing was edited.
    std::optional<ApprovedEdit> edited = {};

    /// What a reviewer answered instead of letting it run: a text or other JSON; set by a storage. Null: nothing.
    Json answer = nullptr;

    /// Set when the row was changed since it was submitted. The request can no longer be approved or run then.
    std::optional<SubmittedView> submitted;

    /// Whether ApproveKit for C++ submitted it. Otherwise no lease and no deadline protects it, and no digest protects
    /// it after the decision.
    bool ours = false;

    /// The risk level in the metadata; empty when it has none.
    [[nodiscard]] std::string risk_level() const;

    /// Who decides. Nothing if any single reviewer may decide, and for a request of another program.
    [[nodiscard]] std::optional<Quorum> quorum() const;

    /// Paths of the arguments that a reviewer may edit when approving: "args.body". Empty for a request of another
    /// program.
    [[nodiscard]] std::vector<std::string> editable() const;

    /// The most that a reviewer may grant when approving it, as in PolicyRule::grants. Nothing for a request of another
    /// program.
    [[nodiscard]] std::optional<PolicyGrants> grantable() const;

    /// Whether a reviewer may answer the call instead of letting it run. False for a request of another program.
    [[nodiscard]] bool answerable() const;

    /// How long after its approval the call may start. Nothing: until the deadline, but at least for
    /// usual_start_window. Always nothing for a request written by another package, since the same key in its metadata
    /// means something else.
    [[nodiscard]] std::optional<std::chrono::seconds> start_within() const;

    /// The reviewers whose signed approval the agent requires: each name with the short name of the key (signer.hpp).
    /// Empty: any decision counts. It is part of the metadata, so the digest of the view covers it.
    [[nodiscard]] std::map<std::string, std::string> signers() const;
};

/// Hexadecimal digest of what a reviewer is shown (id, tool, agent, redacted arguments, creation, deadline, metadata,
/// redactions) and of what binds it (nonce, action digest, policy digest).
///
/// It is computed from the values, so a row keeps its digest when another program rewrites the same values in another
/// notation. Throws ArgumentsRefusedError when the arguments or the metadata have no canonical form.
[[nodiscard]] std::string view_digest(const ApprovalRequest& request);

/// The request as the HTTP API and --json show it.
[[nodiscard]] Json to_json_view(const ApprovalRequest& request);

}  // namespace approvekit
