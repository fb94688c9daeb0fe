#include "record/signed_decision.hpp"

#include "approvekit/decision_statement.hpp"
#include "approvekit/error.hpp"
#include "record/answers.hpp"
#include "record/edits.hpp"
#include "record/grant_terms.hpp"

#include <map>
#include <string>

namespace approvekit::record {
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

/// What is wrong with that reviewer and key, where these are listed; empty: nothing.
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
        // The end was set a moment ago, and the record looks at it once more.
        const Time given = decision.grant->until - decision.grant->lasts;
        if (const auto objection = objection_to_grant(request, decision, given))
            throw DecisionError(ErrorCode::invalid_grant, *objection);
    }
    if (const auto objection = objection_to_answer_of(request, decision))
        throw DecisionError(ErrorCode::invalid_answer, *objection);
    const DecisionStatement statement = DecisionStatement::on(request, decision);
    if (!decision.view_digest.empty() && decision.view_digest != statement.view_digest) {
        throw DecisionError(ErrorCode::altered,
                            "request " + request.id + " is not the one that was shown any more; look at it again");
    }
    std::string text = statement.text();
    std::string signature = signer.sign(text);
    decision.signature = DecisionSignature{key_id(signer.public_key()), std::move(text), std::move(signature)};
}

}  // namespace approvekit::record
