#pragma once

#include <array>
#include <string_view>

/// What a request's metadata has from the policy's rule and from the call. A rule's own keys stand beside these.
namespace approvekit {

inline constexpr const char* risk_level_key = "risk_level";      ///< a label
inline constexpr const char* timeout_key = "timeout";            ///< in seconds
inline constexpr const char* start_within_key = "start_within";  ///< of its approval a call starts, in seconds
inline constexpr const char* run_timeout_key = "run_timeout";    ///< of its run until it is asked to stop, in seconds
inline constexpr const char* require_approval_key = "require_approval";  ///< as the rule says
inline constexpr const char* auto_approve_key = "auto_approve";          ///< as the rule says
inline constexpr const char* redact_fields_key = "redact_fields";        ///< the names that are hidden
inline constexpr const char* signers_key = "signers";  ///< whose signed approval the agent accepts, each with a key
inline constexpr const char* matched_rule_key = "matched_rule";  ///< which rule counted, and why
inline constexpr const char* would_have_key = "would_have";      ///< what a rule that only observes would have done
inline constexpr const char* context_key = "context";            ///< what the agent says of the call; see call.hpp
inline constexpr const char* argument_order_key =
    "argument_order";  ///< the names of the arguments as their author has them
/// The request that was asked before with the same idempotency key, and which this one takes the place of.
inline constexpr const char* asked_before_key = "asked_before";

inline constexpr const char* limit_key = "limit";  ///< what the call takes of the limit of its rule; see limit_use.hpp
inline constexpr const char* quorum_key = "quorum";          ///< who decides and how many; see quorum.hpp
inline constexpr const char* allow_edit_key = "allow_edit";  ///< the paths of the arguments that a reviewer may edit
inline constexpr const char* edited_key = "edited";          ///< in an entry of an approval: what its reviewer edited
inline constexpr const char* grants_key = "grants";          ///< what a reviewer may grant at most; see grant.hpp
inline constexpr const char* granted_key = "granted";        ///< in an entry of an approval: what its reviewer granted
/// By which grant a call runs, or why none lets it run.
inline constexpr const char* grant_key = "grant";
/// Commits to what is hidden of the arguments, for later calls to be compared with; see docs/security.md.
inline constexpr const char* hidden_arguments_key = "hidden_arguments";
inline constexpr const char* allow_answer_key = "allow_answer";  ///< a reviewer may answer instead of letting it run
inline constexpr const char* answer_key = "answer";  ///< in an entry of an answer: what its reviewer answered
/// In an entry of an approval: how much of it was on the screen, where whoever decided says that.
inline constexpr const char* shown_key = "shown";

/// The members of the quorum, which a rule has by the same names.
inline constexpr const char* approvals_key = "approvals";
inline constexpr const char* reviewers_key = "reviewers";
inline constexpr const char* not_requester_key = "not_requester";  ///< in a request: the name of whoever has no vote
inline constexpr const char* escalate_key = "escalate";
inline constexpr const char* escalate_after_key = "after";  ///< in seconds
inline constexpr const char* escalate_to_key = "to";

/// All of them; no rule's own key has one of these names.
inline constexpr std::array<std::string_view, 24> reserved_metadata_keys{
    risk_level_key,       timeout_key,      require_approval_key, auto_approve_key, redact_fields_key,
    signers_key,          matched_rule_key, would_have_key,       context_key,      argument_order_key,
    start_within_key,     run_timeout_key,  asked_before_key,     quorum_key,       limit_key,
    allow_edit_key,       edited_key,       grants_key,           granted_key,      grant_key,
    hidden_arguments_key, allow_answer_key, answer_key,           shown_key};

}  // namespace approvekit
