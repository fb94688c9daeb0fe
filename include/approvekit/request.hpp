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

/// Where a held call stands. Every state but pending is final.
enum class ApprovalStatus {
    pending,
    approved,
    rejected,
    timeout,
    cancelled,
    answered,  ///< a reviewer gave the caller an answer, and the call does not run
};

/// What became of an approved call.
enum class RunState {
    none,      ///< not started
    running,   ///< claimed; the tool may have started
    executed,  ///< the tool returned
    failed,    ///< the tool threw
    unknown,   ///< nobody knows: the agent died while the tool may have been running, or the tool could not tell
};

[[nodiscard]] std::string_view to_string(ApprovalStatus status) noexcept;
[[nodiscard]] std::string_view to_string(RunState state) noexcept;
[[nodiscard]] std::optional<ApprovalStatus> parse_approval_status(std::string_view text) noexcept;
[[nodiscard]] std::optional<RunState> parse_run_state(std::string_view text) noexcept;

/// How long after its approval a call may start at least where the policy says nothing of that.
inline constexpr std::chrono::seconds usual_start_window{60};

/// What an agent submitted, beside a row that says something else by now. A plain value.
struct SubmittedView {
    std::string tool_name;
    Json tool_args = Json::object();
    Time created_at{};
    Json metadata = Json::object();
};

/// What a reviewer made of the arguments of a request by editing them (G16), as all who look at it are shown it. A plain
/// value.
struct ApprovedEdit {
    Json edits = Json::object();      ///< the new values by their paths: `{"args.body": "Dear Ada"}`
    Json tool_args = Json::object();  ///< redacted, with these
    std::string view_digest;          ///< of the view that was approved, which a signature covers
};

/// A held call as reviewers see it. A plain value; redacted values are gone from it.
struct ApprovalRequest {
    std::string id;  ///< UUID text
    std::string tool_name;
    Json tool_args = Json::object();  ///< redacted
    ApprovalStatus status = ApprovalStatus::pending;
    Time created_at{};
    std::optional<Time> reviewed_at;
    std::optional<std::string> reviewer_notes;
    Json metadata = Json::object();  ///< the policy's view: risk_level, timeout, ... and the rule's own keys

    std::optional<Time> deadline;  ///< missing for a request that another package wrote
    std::string agent;             ///< who asks; empty for a request that another package wrote
    std::string nonce;             ///< fixed at submit, makes each request unique to sign
    std::string action_digest;     ///< commitment to the true arguments; see digest.hpp
    std::string view_digest;       ///< digest of what reviewers are shown
    std::string policy_digest;     ///< digest of the policy in force at submit
    std::vector<Redaction> redactions;

    std::string reviewer;  ///< who decided; empty while pending
    std::string way;       ///< how: "web", "terminal", "library", "database", "agent", "sweep"
    RunState run = RunState::none;
    std::string run_note;             ///< the error's text of a failed run
    std::optional<Time> started_at;   ///< when the call started
    std::optional<Time> finished_at;  ///< when it ended; of one that ended as unknown, when that was noticed
    std::int64_t session = 0;         ///< which opening of the storage by an agent asked, or took it over; 0: none

    /// The agent that asked is gone, and the request or its approval waits for one that asks again with the same key.
    bool awaits_agent = false;

    /// How long it may still be answered, by the clock that runs out first, at the moment it was read: a wall clock that
    /// was set back adds nothing. Only while it is pending, where a storage tells it.
    std::optional<std::chrono::microseconds> time_left;

    /// Until when it may start, by the clock that runs out first, as a time of the wall clock at the moment it was read.
    /// Only while it is approved and was not started, where a storage tells it.
    std::optional<Time> start_by;

    /// What reviewers have said to a request with a quorum, where a storage tells it. Empty for any other.
    std::vector<Vote> votes;

    /// With what the reviewer who approved it changed, where a storage tells it. Missing where nothing was edited.
    std::optional<ApprovedEdit> edited = {};

    /// What a reviewer answered instead of letting it run, where a storage tells it: a text or other JSON. Null: nothing.
    Json answer = nullptr;

    /// Set when the row was changed since it was submitted: nothing of it can be approved or run any more.
    std::optional<SubmittedView> submitted;

    /// Whether ApproveKit for C++ submitted it; otherwise no lease or deadline protects it, and no digest
    /// after the decision.
    bool ours = false;

    /// The label in the metadata; empty where it has none.
    [[nodiscard]] std::string risk_level() const;

    /// Who decides, where that is not one reviewer, whoever it is. A request of another program has none.
    [[nodiscard]] std::optional<Quorum> quorum() const;

    /// The paths of the arguments that may be edited when it is approved: "args.body". A request of another program has
    /// none.
    [[nodiscard]] std::vector<std::string> editable() const;

    /// What a reviewer may grant at most when approving it: as PolicyRule::grants. A request of another program has nothing.
    [[nodiscard]] std::optional<PolicyGrants> grantable() const;

    /// Whether a reviewer may answer the call instead of letting it run. A request of another program takes no answer.
    [[nodiscard]] bool answerable() const;

    /// How long after its approval the call may start. Nothing: until the deadline, and usual_start_window at least. Of
    /// a request that another package wrote nothing is known: what its metadata calls so means something else.
    [[nodiscard]] std::optional<std::chrono::seconds> start_within() const;

    /// Whose signed approval alone the agent accepts: each name with the short name of the key (signer.hpp).
    /// Empty: any decision counts. Also in the metadata, so that the digest of the view covers it.
    [[nodiscard]] std::map<std::string, std::string> signers() const;
};

/// Hexadecimal digest of what a reviewer is shown (id, tool, agent, redacted arguments, creation, deadline, metadata,
/// redactions) and of what binds it (nonce, action digest, policy digest).
///
/// It is computed from the values, so a row that another program rewrote in other words keeps its digest.
/// Throws ArgumentsRefusedError when the arguments or the metadata have no canonical form.
[[nodiscard]] std::string view_digest(const ApprovalRequest& request);

/// The request as the HTTP API and --json show it.
[[nodiscard]] Json to_json_view(const ApprovalRequest& request);

}  // namespace approvekit
