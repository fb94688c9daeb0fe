#include "agent/decision_verifier.hpp"

#include "approvekit/signer.hpp"
#include "record/edits.hpp"
#include "record/start_window.hpp"

#include <algorithm>
#include <array>

namespace approvekit::detail {
namespace {

// A real statement takes half of this. A planted one must be cheap to refuse.
constexpr std::size_t most_statement_bytes = 4096;

// What was shown is only the reviewer's word, and nothing here depends on it. The first value is that of version 1.
constexpr std::array<std::optional<approvekit::Shown>, 5> all_that_may_be_shown{
    std::nullopt, approvekit::Shown::whole, approvekit::Shown::in_part, approvekit::Shown::by_id,
    approvekit::Shown::not_recorded};

/// Whether the owner of `public_key` signed `statement`, whatever it says about what was shown.
bool is_vouched_for(DecisionStatement statement, const std::string& public_key, const std::string& signature) {
    return std::any_of(all_that_may_be_shown.begin(), all_that_may_be_shown.end(), [&](const auto& shown) {
        statement.shown = shown;
        return is_signed_by(public_key, statement.text(), signature);
    });
}

std::string turned(Verdict from, Verdict into, const std::string& name) {
    const auto noun = [](Verdict verdict) {
        return verdict == Verdict::approve ? "approval" : verdict == Verdict::reject ? "rejection" : "answer";
    };
    const char* const did = from == Verdict::approve  ? " approved it"
                            : from == Verdict::reject ? " rejected it"
                                                      : " answered it";
    return std::string(noun(from)) + " turned into an " + noun(into) + ": " + name + did;
}

/// Returns how a statement that its signer really made differs from the one that is needed.
std::string difference(const DecisionStatement& signed_one, const DecisionStatement& expected) {
    const std::string& name = signed_one.reviewer;
    if (signed_one.reviewer != expected.reviewer) return "forged: " + name + " signed it under another name";
    if (signed_one.request_id != expected.request_id || signed_one.nonce != expected.nonce) {
        return "replayed: " + name + " signed it for request " + signed_one.request_id;
    }
    if (signed_one.verdict != expected.verdict) return turned(signed_one.verdict, expected.verdict, name);
    if (signed_one.answer_digest != expected.answer_digest) {
        return "answer changed: " + name + " answered something else than the record says";
    }
    if (signed_one.policy_digest != expected.policy_digest) {
        return "other policy: " + name + " was shown a request under another policy than this agent's";
    }
    if (signed_one.edited_view != expected.edited_view) {
        return "edit changed: " + name + " approved other arguments than the record says";
    }
    if (signed_one.grant_digest != expected.grant_digest) {
        return "grant changed: " + name + " granted something else than the record says";
    }
    if (signed_one.notes_digest != expected.notes_digest) return "note changed: " + name + " wrote another one";
    return "edited request: what " + name + " was shown is not what this agent asked";
}

}  // namespace

std::optional<std::string> DecisionVerifier::objection(const ApprovalRequest& request, const Decision& decision,
                                                       Time now) const {
    if (auto objection = objection_to_signature(request, decision)) return objection;
    // An answer starts nothing, and whoever asks again with the key gets the same answer.
    if (decision.verdict == Verdict::answer) return std::nullopt;
    // A signature does not say when it was made, so assume the latest time that counts. The record knows the real time.
    const Time end = record::latest_start(request);
    if (end <= now) return "expired: the approval counted until " + to_text(end);
    return std::nullopt;
}

std::optional<std::string> DecisionVerifier::objection_to_signature(const ApprovalRequest& request,
                                                                    Decision decision) const {
    if (!decision.signature || decision.signature->signature.empty()) {
        return "unsigned: the decision of " + decision.reviewer + " has no signature";
    }
    const TrustedReviewer* const signer = find(decision.reviewer);
    if (signer == nullptr) return "unknown reviewer: the policy does not list " + decision.reviewer;
    if (!decision.edits.is_null()) {
        if (const auto objection = record::objection_to_edits(request, decision.edits))
            return "edit changed: " + *objection;
    }
    const bool answers = decision.verdict == Verdict::answer;
    if (!answers) decision.verdict = Verdict::approve;
    if (!answers) decision.answer = nullptr;
    const DecisionStatement expected = DecisionStatement::on(request, decision);
    if (!is_vouched_for(expected, signer->public_key, decision.signature->signature)) {
        return diagnosis(expected, *decision.signature, *signer);
    }
    return std::nullopt;
}

const TrustedReviewer* DecisionVerifier::find(const std::string& name) const {
    const auto found = std::find_if(reviewers_.begin(), reviewers_.end(),
                                    [&](const TrustedReviewer& reviewer) { return reviewer.name == name; });
    return found == reviewers_.end() ? nullptr : &*found;
}

/// The refusal is already certain here. What the record says was signed only helps to explain it.
std::string DecisionVerifier::diagnosis(const DecisionStatement& expected, const DecisionSignature& signature,
                                        const TrustedReviewer& signer) const {
    if (signature.statement.size() > most_statement_bytes) return "forged: what was signed is not a decision";
    if (!is_signed_by(signer.public_key, signature.statement, signature.signature)) return misfit(signature, signer);
    const auto statement = DecisionStatement::parse(signature.statement);
    if (!statement) return "forged: what " + signer.name + " signed is not a decision";
    return difference(*statement, expected);
}

std::string DecisionVerifier::misfit(const DecisionSignature& signature, const TrustedReviewer& signer) const {
    for (const TrustedReviewer& other : reviewers_) {
        if (is_signed_by(other.public_key, signature.statement, signature.signature)) {
            return "wrong key: " + other.name + " signed it, not " + signer.name;
        }
    }
    if (signature.key_id != key_id(signer.public_key)) {
        return "wrong key: the policy lists another one for " + signer.name;
    }
    return "forged: " + signer.name + " did not sign this decision";
}

}  // namespace approvekit::detail
