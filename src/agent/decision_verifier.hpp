#pragma once

#include "approvekit/decision_statement.hpp"
#include "approvekit/policy.hpp"

#include <optional>
#include <string>
#include <vector>

namespace approvekit::detail {

/// Tells decisions that a listed reviewer signed from all others. Holds public keys only. Safe for concurrent use.
class DecisionVerifier {
public:
    /// `reviewers` must outlive this object.
    explicit DecisionVerifier(const std::vector<TrustedReviewer>& reviewers) : reviewers_(reviewers) {}

    /// Returns why `decision` does not approve `request` at `now` (or, if its verdict is an answer, does not answer
    /// it), or nothing if it does. `request` must be what the agent itself asked, not what the record says. Of
    /// `decision`, only what the signature covers is believed.
    ///
    /// The returned text begins with one of: unsigned, unknown reviewer, wrong key, forged, replayed, rejection turned
    /// into an approval (or an answer into one, or either into an answer), other policy, edited request, edit changed,
    /// grant changed, answer changed, note changed, expired.
    [[nodiscard]] std::optional<std::string> objection(const ApprovalRequest& request, const Decision& decision,
                                                       Time now) const;

    /// Does the same for the signature alone, at whatever time it was made. Meant for a grant given with the approval
    /// of `request`, since a grant has an end of its own. The request may be the record's version, since the signature
    /// covers what it shows.
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
