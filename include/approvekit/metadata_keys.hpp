#pragma once

#include <array>
#include <string_view>

/// Keys of a request's metadata that come from the policy's rule and from the call. The metadata also holds the rule's
/// own keys.
namespace approvekit {

inline constexpr const char* risk_level_key = "risk_level";  ///< a label
inline constexpr const char* timeout_key = "timeout";        ///< in seconds
/// Time within which a call must start after its approval, in seconds.
inline constexpr const char* start_within_key = "start_within";
/// How long a call may run before it is asked to stop, in seconds.
inline constexpr const char* run_timeout_key = "run_timeout";
inline constexpr const char* require_approval_key = "require_approval";  ///< as the rule says
inline constexpr const char* auto_approve_key = "auto_approve";          ///< as the rule says
inline constexpr const char* redact_fields_key = "redact_fields";        ///< the hidden names
/// The reviewers whose signed approval the agent accepts, each with a key.
inline constexpr const char* signers_key = "signers";
inline constexpr const char* matched_rule_key = "matched_rule";  ///< which rule applied, and why
inline constexpr const char* would_have_key = "would_have";      ///< what a rule with `observe` would have done
inline constexpr const char* context_key = "context";            ///< what the agent says about the call; see call.hpp
inline constexpr const char* argument_order_key =
    "argument_order";  ///< the names of the arguments in their author's order
/// The earlier request with the same idempotency key that this one replaces.
inline constexpr const char* asked_before_key = "asked_before";

inline constexpr const char* limit_key = "limit";    ///< how much the call uses of its rule's limit; see limit_use.hpp
inline constexpr const char* quorum_key = "quorum";  ///< who decides and how many; see quorum.hpp
inline constexpr const char* allow_edit_key = "allow_edit";  ///< the paths of the arguments that a reviewer may edit
inline constexpr const char* edited_key = "edited";          ///< in the entry of an approval: what the reviewer edited
inline constexpr const char* grants_key = "grants";          ///< what a reviewer may grant at most; see grant.hpp
inline constexpr const char* granted_key = "granted";        ///< in the entry of an approval: what the reviewer granted
/// The grant under which a call runs, or why no grant lets it run.
inline constexpr const char* grant_key = "grant";
/// Commits to the hidden arguments, so that later calls can be compared with them; see docs/security.md.
inline constexpr const char* hidden_arguments_key = "hidden_arguments";
/// A reviewer may answer instead of letting the call run.
inline constexpr const char* allow_answer_key = "allow_answer";
inline constexpr const char* answer_key = "answer";  ///< in the entry of an answer: what the reviewer answered
/// In the entry of an approval: how much of the request was on the screen, if the decision says so.
inline constexpr const char* shown_key = "shown";

/// The members of the quorum. A policy rule uses the same names.
inline constexpr const char* approvals_key = "approvals";
inline constexpr const char* reviewers_key = "reviewers";
/// In a request: the name of the person who has no vote.
inline constexpr const char* not_requester_key = "not_requester";
inline constexpr const char* escalate_key = "escalate";
inline constexpr const char* escalate_after_key = "after";  ///< in seconds
inline constexpr const char* escalate_to_key = "to";

/// All reserved keys; a rule's own keys must not have these names.
inline constexpr std::array<std::string_view, 24> reserved_metadata_keys{
    risk_level_key,       timeout_key,      require_approval_key, auto_approve_key, redact_fields_key,
    signers_key,          matched_rule_key, would_have_key,       context_key,      argument_order_key,
    start_within_key,     run_timeout_key,  asked_before_key,     quorum_key,       limit_key,
    allow_edit_key,       edited_key,       grants_key,           granted_key,      grant_key,
    hidden_arguments_key, allow_answer_key, answer_key,           shown_key};

}  // namespace approvekit
