#include "record/signed_decision.hpp"

#include "approvekit/decision_statement.hpp"
#include "approvekit/error.hpp"

#include <map>
#include <string>

namespace approvekit {
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

[[noreturn]] void refuse(const std::map<std::string, std::string>& signers, const std::string& why) {
    throw DecisionError(ErrorCode::untrusted_decision,
                        "the agent's policy takes only approvals that are signed by " + listed(signers) + "; " + why);
}

}  // namespace

void require_accepted_signer(const ApprovalRequest& request, const Signer* signer) {
    const auto signers = request.signers();
    if (signers.empty()) return;
    if (signer == nullptr) {
        refuse(signers, "decide with your key (--key FILE; approvekit-review keygen makes one for the policy to list)");
    }
    const auto found = signers.find(signer->name());
    if (found == signers.end()) refuse(signers, "the key of " + signer->name() + " is not listed");
    if (found->second != key_id(signer->public_key())) {
        refuse(signers, "it lists another key for " + signer->name() + " (" + found->second + ") than yours (" +
                            key_id(signer->public_key()) + ")");
    }
}

void sign(Decision& decision, const ApprovalRequest& request, const Signer& signer) {
    if (decision.view_digest.empty() && decision.verdict == Verdict::approve) {
        throw Error(ErrorCode::invalid_option,
                    "a signature vouches for what was seen; look at the request first, and name the digest of its "
                    "view (--seen DIGEST, or \"view\")");
    }
    const DecisionStatement statement = DecisionStatement::on(request, decision);
    if (!decision.view_digest.empty() && decision.view_digest != statement.view_digest) {
        throw DecisionError(ErrorCode::altered,
                            "request " + request.id + " is not the one that was shown any more; look at it again");
    }
    std::string text = statement.text();
    std::string signature = signer.sign(text);
    decision.signature = DecisionSignature{key_id(signer.public_key()), std::move(text), std::move(signature)};
}

}  // namespace approvekit
