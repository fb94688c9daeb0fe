#pragma once

#include "approvekit/decision_statement.hpp"
#include "approvekit/policy.hpp"

#include <optional>
#include <string>
#include <vector>

namespace approvekit::detail {

/// Tells decisions that a listed reviewer signed from all others. Holds public keys only. Concurrent use is safe.
class DecisionVerifier {
public:
    /// `reviewers` must outlive this.
    explicit DecisionVerifier(const std::vector<TrustedReviewer>& reviewers) : reviewers_(reviewers) {}

    /// Why `decision` does not approve `request` at `now`, or, where its verdict is an answer, does not answer it; nothing
    /// when it does. `request` is what the agent itself
    /// asked, not what the record says; of `decision` nothing is believed that the signature does not cover.
    ///
    /// The answer begins with one of: unsigned, unknown reviewer, wrong key, forged, replayed, rejection turned into
    /// an approval (or an answer into one, or either into an answer), other policy, edited request, edit changed, grant
    /// changed, answer changed, note changed, expired.
    [[nodiscard]] std::optional<std::string> objection(const ApprovalRequest& request, const Decision& decision,
                                                       Time now) const;

    /// The same of the signature alone, whenever it was given: for what was granted with the approval of `request`, which
    /// has an end of its own. The request may be as the record has it, since the signature covers what it shows.
    [[nodiscard]] std::optional<std::string> objection_to_signature(const ApprovalRequest& request,
                                                                    Decision decision) const;

private:
    [[nodiscard]] const TrustedReviewer* find(const std::string& name) const;
    [[nodiscard]] std::string diagnosis(const DecisionStatement& expected, const DecisionSignature& signature,
                                        const TrustedReviewer& signer) const;
    [[nodiscard]] std::string misfit(const DecisionSignature& signature, const TrustedReviewer& signer) const;

    const std::vector<TrustedReviewer>& reviewers_;
};

}  // namespace approvekit::detail
