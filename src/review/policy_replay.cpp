#include "approvekit/policy_replay.hpp"

#include "approvekit/policy_explanation.hpp"
#include "approvekit/redaction.hpp"
#include "policy/draft.hpp"
#include "policy/rule_book.hpp"
#include "record/ways.hpp"
#include "text/escape.hpp"

#include <algorithm>
#include <utility>

namespace approvekit {
namespace {

/// Whether something in `value` was hidden. Recursion is safe: what is stored is not deeper than deepest_json.
bool has_hidden_part(const Json& value) {  // NOLINT(misc-no-recursion)
    if (value.is_string()) return value.get_ref<const std::string&>().find(redacted_text) != std::string::npos;
    if (value.is_array()) return std::any_of(value.begin(), value.end(), has_hidden_part);
    return value.is_object() && std::any_of(value.items().begin(), value.items().end(), [](const auto& member) {
               return member.key().find(redacted_text) != std::string::npos || has_hidden_part(member.value());
           });
}

/// Returns what became of a call, by its first entry. Returns nothing for entries that begin no call.
std::optional<Action> action_in(const AuditEntry& entry) {
    if (!entry.follows.empty()) return std::nullopt;
    switch (entry.decision) {
        case AuditEvent::denied:
            return Action::deny;
        case AuditEvent::approved:
            // What a grant let run was held by the policy.
            return entry.request_id == auto_request_id && entry.way != record::way::grant ? Action::allow
                                                                                          : Action::hold;
        case AuditEvent::rejected:
        case AuditEvent::answered:
        case AuditEvent::timeout:
        case AuditEvent::cancelled:
            return Action::hold;
        default:
            return std::nullopt;
    }
}

/// Returns what the conditions on a call ask for but the record does not tell. Empty if it tells everything.
std::string what_is_missing(const policy::RuleBook& book, const std::string& tool, const CallFacts& facts) {
    std::string missing;
    book.visit_subjects(tool, [&](const policy::Subject& subject) {
        if (!missing.empty()) return;
        const Json* const deepest = subject.find_deepest(facts);
        if (deepest == nullptr) {
            missing = subject.text() + " is not on record";
        } else if (has_hidden_part(*deepest)) {
            missing = subject.text() + " is hidden";
        }
    });
    return missing;
}

/// A call that was held or denied before, and is not by the rule alone, may have been so because of its limit.
void take_judgement(const PolicyExplanation& explanation, ReplayedCall& call) {
    const bool may_be_by_limit = explanation.limit && explanation.action < call.before;
    call.why = may_be_by_limit ? "whether it was beyond its limit is not on record" : explanation.reason;
    if (!may_be_by_limit) call.after = explanation.action;
}

void judge_entry(const policy::RuleBook& book, const AuditEntry& entry, Action before, PolicyReplay& replay) {
    const Json no_context = Json::object();
    const CallFacts facts{
        .arguments = entry.tool_args, .context = no_context, .agent = {}, .environment = {}, .time = entry.timestamp};
    ++replay.calls;
    if (before == Action::hold) ++replay.held_before;
    ReplayedCall call{.entry_id = entry.id,
                      .time = entry.timestamp,
                      .tool = entry.tool_name,
                      .before = before,
                      .after = {},
                      .why = what_is_missing(book, entry.tool_name, facts)};
    if (call.why.empty()) take_judgement(book.explain(entry.tool_name, facts), call);
    if (!call.after) ++replay.unknown;
    if (call.after == Action::hold) ++replay.held_after;
    if (call.after != before) replay.calls_of_note.push_back(std::move(call));
}

std::string action_words(const std::optional<Action>& action) {
    return action ? std::string(to_string(*action)) : "cannot be told";
}

}  // namespace

PolicyReplay replay_policy(const std::filesystem::path& file, Storage& record, std::optional<Time> since) {
    const policy::Terms terms = policy::accepted(policy::draft_from_file(file));
    const policy::RuleBook book(terms);
    PolicyReplay replay;
    AuditQuery query{.request_id = {}, .limit = 200, .cursor = {}, .oldest_first = false};
    do {
        const AuditPage page = record.audit(query);
        for (const AuditEntry& entry : page.entries) {
            const auto before = action_in(entry);
            if (before && (!since || entry.timestamp >= *since)) judge_entry(book, entry, *before, replay);
        }
        query.cursor = page.next;
    } while (!query.cursor.empty());
    return replay;
}

std::string PolicyReplay::text() const {
    std::string text;
    for (const ReplayedCall& call : calls_of_note) {
        text += to_text(call.time) + "  " + text::name_text(call.tool) + ": " + action_words(call.before) + " -> " +
                action_words(call.after) + " (" + call.why + ")\n";
    }
    text += std::to_string(calls) + " calls on record, " + std::to_string(held_before) + " were held; by this policy " +
            std::to_string(held_after) + " would be";
    if (unknown > 0) text += "; for " + std::to_string(unknown) + " this is not known";
    return text + "\n";
}

Json to_json_view(const PolicyReplay& replay) {
    Json changes = Json::array();
    for (const ReplayedCall& call : replay.calls_of_note) {
        changes.push_back({{"entry", call.entry_id},
                           {"time", to_text(call.time)},
                           {"tool", call.tool},
                           {"before", to_string(call.before)},
                           {"after", call.after ? Json(to_string(*call.after)) : Json()},
                           {"why", call.why}});
    }
    return {{"calls", replay.calls},
            {"held_before", replay.held_before},
            {"held_after", replay.held_after},
            {"unknown", replay.unknown},
            {"changes", std::move(changes)}};
}

}  // namespace approvekit
