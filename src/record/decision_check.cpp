#include "record/decision_check.hpp"

#include "approvekit/decision.hpp"
#include "approvekit/decision_statement.hpp"
#include "approvekit/digest.hpp"
#include "approvekit/error.hpp"
#include "json/json_view.hpp"
#include "record/answers.hpp"
#include "record/edits.hpp"
#include "record/endings.hpp"
#include "record/grant_terms.hpp"
#include "text/utf8.hpp"

#include <map>
#include <string>

namespace approvekit::record {

void check_note(std::string_view note) {
    const auto refuse = [](const std::string& why) { throw Error(ErrorCode::invalid_option, "the note " + why); };
    if (note.size() > maximum_note_bytes) {
        refuse("has " + std::to_string(note.size()) + " bytes; at most " + std::to_string(maximum_note_bytes) +
               " are kept");
    }
    if (note.find('\0') != std::string_view::npos) refuse("holds a NUL character");
    if (!text::is_utf8(note)) refuse("is not UTF-8");
}

namespace {

std::string listed(const std::map<std::string, std::string>& signers) {
    constexpr std::size_t most_named = 5;
    std::string text;
    std::size_t named = 0;
    for (const auto& [name, key] : signers) {
        if (named == most_named) return text + " or " + std::to_string(signers.size() - named) + " others";
        text += (named++ == 0 ? "" : ", ") + name;
    }
    return text;
}

/// Returns what is wrong with this reviewer and key according to `signers`, or an empty text if nothing is.
std::string fault_of(const std::map<std::string, std::string>& signers, std::string_view reviewer,
                     std::string_view key_id) {
    const std::string name(reviewer);
    if (key_id.empty()) {
        return "decide with your key (--key FILE; approvekit-review keygen makes one for the policy to list)";
    }
    const auto found = signers.find(name);
    if (found == signers.end()) return "the key of " + name + " is not listed";
    if (found->second == key_id) return "";
    return "it lists another key for " + name + " (" + found->second + ") than yours (" + std::string(key_id) + ")";
}

}  // namespace

std::optional<std::string> objection_to_signer(const ApprovalRequest& request, std::string_view reviewer,
                                               std::string_view key_id) {
    const auto signers = request.signers();
    if (signers.empty()) return std::nullopt;
    const std::string fault = fault_of(signers, reviewer, key_id);
    if (fault.empty()) return std::nullopt;
    return "the agent's policy takes only approvals that are signed by " + listed(signers) + "; " + fault;
}

void require_accepted_signer(const ApprovalRequest& request, const Signer& signer) {
    const auto objection = objection_to_signer(request, signer.name(), key_id(signer.public_key()));
    if (objection) throw DecisionError(ErrorCode::untrusted_decision, *objection);
}

DecisionError changed_since_shown(const ApprovalRequest& request) {
    return {ErrorCode::altered, "request " + request.id + " has changed since it was shown; look at it again"};
}

void sign(Decision& decision, const ApprovalRequest& request, const Signer& signer) {
    if (decision.view_digest.empty() && decision.verdict != Verdict::reject) {
        throw Error(ErrorCode::invalid_option,
                    "a signature vouches for what was seen; look at the request first, and name the digest of its "
                    "view (--seen DIGEST, or \"view\")");
    }
    if (!decision.edits.is_null()) {
        if (const auto objection = objection_to_edits(request, decision.edits))
            throw DecisionError(ErrorCode::invalid_edit, *objection);
    }
    if (decision.grant) {
        // The end was set a moment ago, and the record checks it again.
        const Time given = decision.grant->until - decision.grant->lasts;
        if (const auto objection = objection_to_grant(request, decision, given))
            throw DecisionError(ErrorCode::invalid_grant, *objection);
    }
    if (const auto objection = objection_to_answer_of(request, decision))
        throw DecisionError(ErrorCode::invalid_answer, *objection);
    const DecisionStatement statement = DecisionStatement::on(request, decision);
    if (!decision.view_digest.empty() && decision.view_digest != statement.view_digest)
        throw changed_since_shown(request);
    std::string text = statement.text();
    std::string signature = signer.sign(text);
    decision.signature = DecisionSignature{key_id(signer.public_key()), std::move(text), std::move(signature)};
}

std::string misfit_with_entry(const StoredDecision& stored, const AuditRecord& entry, bool may_wait) {
    const Decision& decision = stored.decision;
    const bool approves = decision.verdict == Verdict::approve;
    const bool waits = may_wait && approves && entry.event == AuditEvent::voted;
    if (!waits && entry.event != event_of(status_of(decision.verdict))) {
        return "its verdict is another one";
    }
    if (json::exportable_text(decision.reviewer) != entry.reviewer) return "its reviewer is another one";
    if (json::exportable_text(decision.way) != entry.way) return "its way is another one";
    if (json::exportable_text(decision.notes) != entry.notes.value_or("")) return "its notes are others";
    if (stored.decided_at != entry.timestamp) return "its time is another one";
    if (decision.signature.has_value() != entry.is_signed) return "its signature was added or removed";
    const bool names_view = decision.verdict != Verdict::reject && !decision.view_digest.empty() && !entry.view.empty();
    if (names_view && decision.view_digest != entry.view) return "what its reviewer saw is something else";
    return "";
}

std::string misfit_with_statement(const Decision& decision) {
    if (!decision.signature) return "";
    const auto statement = DecisionStatement::parse(decision.signature->statement);
    if (!statement) return "what was signed is not a decision";
    const bool fits = statement->request_id == decision.request_id && statement->verdict == decision.verdict &&
                      statement->reviewer == decision.reviewer &&
                      statement->notes_digest == to_hex(digest_of(decision.notes)) &&
                      (decision.view_digest.empty() || statement->view_digest == decision.view_digest);
    return fits ? "" : "it is not the decision that was signed";
}

}  // namespace approvekit::record
