#include "agent/call_arguments.hpp"

#include "agent/agent.hpp"
#include "agent/held_call.hpp"
#include "agent/prepared_call.hpp"
#include "approvekit/call_edit.hpp"
#include "approvekit/error.hpp"
#include "approvekit/metadata_keys.hpp"
#include "json/strict_reader.hpp"
#include "policy/limit.hpp"
#include "record/edits.hpp"
#include "redaction/call_view.hpp"
#include "text/utf8.hpp"

#include <optional>
#include <string>
#include <utility>

namespace approvekit::detail {

bool SubmittedArguments::fits(std::string_view tool_name, const Json& arguments) const {
    try {
        const std::string canonical = canonical_json(arguments, limits_);
        if (const auto* const text = std::get_if<std::string>(&proof_)) return *text == canonical;
        return std::get<ActionCommitment>(proof_).fits(tool_name, canonical);
    } catch (const ArgumentsRefusedError&) {
        return false;
    }
}

namespace {

RequestAlteredError refused_edit(const ApprovalRequest& request, const std::string& reviewer, const std::string& why) {
    return RequestAlteredError(request.tool_name, request.id,
                               "the arguments that " + reviewer + " edited cannot run: " + why);
}

}  // namespace

/// Returns what is shown of `arguments`, as prepare() would.
Json Agent::shown_arguments(const PolicyRule& rule, const Json& arguments, const AskedPolicy& under) const {
    if (rule.redact_fields.empty()) return arguments;
    const Json context = under.context ? *under.context : Json();
    return redaction::hide(arguments, context, rule.redact_fields, fingerprints_).arguments.value;
}

/// Judges the edited call again, by the policy under which it was asked and by the policy in force. Its reviewers knew
/// one rule, and with it who decides, for how long, and what is hidden. So the edited call must come under the same
/// rule, or under one that lets it run. Returns the ruling on the original arguments.
Ruling Agent::judge_edited(const ApprovalRequest& request, const AskedPolicy& under, const Json& asked,
                           const Json& edited, const std::string& reviewer) const {
    const Json context = under.context ? *under.context : Json();
    Ruling before = judge(*under.policy, under.time, request.tool_name, asked, context);
    const Ruling after = judge(*under.policy, under.time, request.tool_name, edited, context);
    auto denial = after.action == Action::deny ? std::optional(after.rule->deny) : std::nullopt;
    if (!denial) denial = find_new_denial(request.tool_name, under, edited);
    if (denial) {
        const std::string words = denial->empty() ? "" : ": " + *denial;
        throw PolicyDeniedError(request.tool_name, "with the arguments that " + reviewer + " edited" + words,
                                request.id);
    }
    if (after.action == Action::hold && *after.metadata != *before.metadata)
        throw refused_edit(request, reviewer,
                           "with them, another rule applies than the one that it was reviewed under");
    if (after.limit != nullptr && (before.limit == nullptr || *after.limit != *before.limit))
        throw refused_edit(request, reviewer, "with them, a limit applies that its reviewers did not know of");
    return before;
}

std::shared_ptr<const EditedCall> Agent::edited_call(const ApprovalRequest& request, const AskedPolicy& under,
                                                     const Decision& decision) const {
    const std::string& reviewer = decision.reviewer;
    if (const auto objection = record::objection_to_edits(request, decision.edits))
        throw refused_edit(request, reviewer, *objection);
    const Json& asked = under.hidden_arguments ? *under.hidden_arguments : request.tool_args;
    Json edited;
    std::string canonical;
    try {
        edited = record::with_edits(asked, decision.edits);
        canonical = canonical_json(edited, options_.argument_limits);
    } catch (const Error&) {
        throw refused_edit(request, reviewer, "this agent does not accept them");
    }
    const Ruling ruling = judge_edited(request, under, asked, edited, reviewer);
    const Json shown = record::with_edits(request.tool_args, decision.edits);
    if (canonical_json(shown_arguments(*ruling.rule, edited, under), json::any_size) !=
        canonical_json(shown, json::any_size)) {
        throw refused_edit(request, reviewer, "they contain a value that the policy hides");
    }
    auto use = policy::limit_use(ruling, {shown, request.metadata.value(context_key, Json())},
                                 {edited, under.context ? *under.context : Json()});
    SubmittedArguments submitted(std::move(canonical), options_.argument_limits);
    return std::make_shared<const EditedCall>(
        EditedCall{std::move(edited), {reviewer, decision.edits}, std::move(submitted), std::move(use)});
}

std::shared_ptr<const EditedCall> HeldCall::edited_call(const Decision* decision) const {
    return decision == nullptr ? nullptr : agent_->edited_call(request_, under_, *decision);
}

}  // namespace approvekit::detail

namespace approvekit {

std::string CallEdit::text_for_model() const {
    constexpr std::size_t most_value_bytes = 2048;
    std::string text = "Before the call ran, the reviewer " + reviewer + " changed its arguments: ";
    bool is_first = true;
    for (const auto& [path, value] : edits.items()) {
        const std::string shown = value.dump(-1, ' ', false, Json::error_handler_t::replace);
        text += (is_first ? "" : ", ") + path + " was set to " + text::shortened(shown, most_value_bytes);
        is_first = false;
    }
    return text + ".";
}

}  // namespace approvekit
