#include "record/answers.hpp"

#include "approvekit/decision_statement.hpp"
#include "approvekit/digest.hpp"
#include "approvekit/error.hpp"
#include "approvekit/metadata_keys.hpp"
#include "approvekit/redaction.hpp"
#include "json/strict_reader.hpp"
#include "record/decision_check.hpp"
#include "record/edits.hpp"
#include "record/shown_view.hpp"
#include "record/stored_json.hpp"
#include "record/transitions.hpp"
#include "text/utf8.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace approvekit::record {
namespace {

/// Returns the metadata as it was submitted.
const Json& answered_metadata(const ApprovalRequest& request) {
    return request.submitted ? request.submitted->metadata : request.metadata;
}

bool takes_answers(const Json& metadata) {
    return metadata.is_object() && metadata.value(allow_answer_key, Json()) == true;
}

std::vector<std::string> hidden_fields(const Json& metadata) {
    std::vector<std::string> names;
    const Json fields = metadata.is_object() ? metadata.value(redact_fields_key, Json()) : Json();
    for (const Json& field : fields.is_array() ? fields : Json::array()) {
        if (field.is_string()) names.push_back(field.get<std::string>());
    }
    return names;
}

/// Returns the path of the first part of the answer whose name the policy hides, or an empty text if there is none.
std::string hidden_place(const Json& metadata, const Json& answer) {
    const std::vector<std::string> fields = hidden_fields(metadata);
    if (fields.empty()) return "";
    const auto redactions = redact(answer, fields, FingerprintKey()).redactions;
    return redactions.empty() ? "" : redactions.front().path;
}

/// Returns the answer that the entry of a decision tells of, or null if it tells of none.
Json answer_in(const AuditRecord& entry) {
    const Json metadata = stored_json(entry.metadata);
    return metadata.is_object() && entry.event == AuditEvent::answered ? metadata.value(answer_key, Json()) : Json();
}

/// Returns null if the answer has no canonical form, and so no digest.
Json digest_in(const AuditRecord& entry) {
    try {
        const Json answer = answer_in(entry);
        return answer.is_null() ? Json() : Json(answer_digest(answer));
    } catch (const ArgumentsRefusedError&) {
        return nullptr;
    }
}

}  // namespace

std::optional<std::string> objection_to_answer(const ApprovalRequest& request, const Json& answer) {
    if (!request.answerable())
        return "this request takes no answer: the policy's rule has no allow_answer: true for it";
    if (const auto quorum = request.quorum(); quorum && quorum->approvals > 1)
        return "this request takes " + std::to_string(quorum->approvals) + " approvals, and an answer is one person's";
    if (answer.is_null() || answer == Json("")) return "an answer needs words: a text, or JSON that is not null";
    try {
        static_cast<void>(canonical_json(answer, {.bytes = maximum_answer_bytes, .depth = JsonLimits{}.depth}));
        const std::string place = hidden_place(answered_metadata(request), answer);
        if (place.empty()) return std::nullopt;
        return place + ": the policy hides what has this name, and an answer would put it on record; leave it out";
    } catch (const Error& error) {
        return std::string("the answer cannot be taken: ") + error.what();
    }
}

std::optional<std::string> objection_to_answer_of(const ApprovalRequest& request, const Decision& decision) {
    if (decision.verdict == Verdict::answer) return objection_to_answer(request, decision.answer);
    if (decision.answer.is_null()) return std::nullopt;
    return "only the verdict answer has an answer; leave it out";
}

std::exception_ptr refusal_of_answer(const ApprovalRequest& request, const Decision& decision) {
    const auto objection = objection_to_answer_of(request, decision);
    return objection ? std::make_exception_ptr(DecisionError(ErrorCode::invalid_answer, *objection)) : nullptr;
}

std::string answer_digest(const Json& answer) {
    return to_hex(digest_of_fields({"approvekit answer 1", canonical_json(answer, json::any_size)}));
}

std::string misfit_of_answer(const Decision& decision, const AuditRecord& entry) {
    const bool answers = decision.verdict == Verdict::answer;
    const Json told = answer_in(entry);
    if (answers == told.is_null())
        return answers ? "no entry records what was answered" : "its entry records an answer";
    if (!decision.signature) return "";
    const auto statement = DecisionStatement::parse(decision.signature->statement);
    if (!statement) return "";
    const Json was_signed = statement->answer_digest ? Json(*statement->answer_digest) : Json();
    return was_signed == digest_in(entry) ? "" : "what its reviewer answered is not what was signed";
}

bool tell_answer(StoredDecision& stored, Entries& entries) {
    Decision& decision = stored.decision;
    decision.answer = nullptr;
    if (decision.verdict != Verdict::answer) return true;
    const auto entry = entries.find(decision.request_id, stored.entry_id);
    if (!entry) return false;
    decision.answer = answer_in(*entry);
    return true;
}

std::size_t tell_answered(ApprovalRequest& request, const Tables& tables) {
    if (!request.ours || request.status != ApprovalStatus::answered) return 0;
    const auto entry = tables.entries.settlement(request.id);
    const auto decision = tables.decisions.find(request.id);
    if (!entry || !decision || decision->entry_id != entry->entry_id) return 0;
    if (!misfit_of_answer(decision->decision, *entry).empty()) return 0;
    request.answer = answer_in(*entry);
    return entry->metadata.size();
}

namespace {

/// The agent checks an answer from the record as strictly as an approval: it believes none that does not fit.
std::optional<std::string> distrust_of_answer(const ApprovalRequest& submitted, StoredDecision& stored,
                                              const Tables& tables, Time now, const DecisionCheck& verify) {
    const Decision& decision = stored.decision;
    if (decision.verdict != Verdict::answer) return "the decision beside it is not an answer";
    const auto entry = tables.entries.find(submitted.id, stored.entry_id);
    if (!entry || !tell_answer(stored, tables.entries)) return "no entry of the record says that it was given";
    if (std::string misfit = misfit_with_entry(stored, *entry, false); !misfit.empty()) return misfit;
    if (const auto objection = objection_to_answer(submitted, decision.answer)) return objection;
    const auto quorum = submitted.quorum();
    const auto decided_at = parse_time(stored.decided_at);
    if (quorum &&
        !(decided_at && quorum->entitles(decision.reviewer, submitted.created_at, std::min(*decided_at, now))))
        return decision.reviewer + " has no vote on it";
    return verify ? verify(decision) : std::nullopt;
}

}  // namespace

Result<Start> Transitions::take_answer(StoredRequest& stored, const Claim& claim) {
    const ApprovalRequest& request = stored.request;
    const auto refuse = [&](const std::string& reason, std::exception_ptr refusal) -> Result<Start> {
        endings_.refuse(stored, text::shortened(reason, maximum_outcome_note_bytes), claim.submitted);
        return {{}, std::move(refusal)};
    };
    if (request.status != ApprovalStatus::answered) {  // a claim of an answer must not start the call
        return {{}, std::make_exception_ptr(RequestAlteredError(request.tool_name, request.id, "nobody answered it"))};
    }
    if (stored.is_open) {
        endings_.adopt_foreign_decision(stored);
        return {{},
                std::make_exception_ptr(ApprovalCancelledError(
                    request.tool_name, request.id, "another program wrote into its row that it was answered"))};
    }
    auto decision = work_.tables.decisions.find(request.id);
    if (!request.ours || request.view_digest != claim.view_digest || !shows(request, claim.view_digest) || !decision) {
        return refuse("altered: the stored request is not the one that was submitted",
                      std::make_exception_ptr(RequestAlteredError(request.tool_name, request.id)));
    }
    const ApprovalRequest& submitted = claim.submitted != nullptr ? *claim.submitted : request;
    if (const auto reason = distrust_of_answer(submitted, *decision, work_.tables, work_.moment.now, claim.verify)) {
        return refuse("untrusted answer: " + *reason,
                      std::make_exception_ptr(UntrustedDecisionError(request.tool_name, request.id, *reason)));
    }
    try {
        claim.take_answer(decision->decision);
    } catch (const RefusedError& refusal) {
        return refuse(refusal.what(), std::current_exception());
    }
    return {{decision->entry_id, ""}, nullptr};
}

}  // namespace approvekit::record

namespace approvekit {

bool ApprovalRequest::answerable() const {
    return ours && record::takes_answers(record::answered_metadata(*this));
}

}  // namespace approvekit
