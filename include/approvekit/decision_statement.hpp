#pragma once

#include "approvekit/decision.hpp"
#include "approvekit/request.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace approvekit {

/// What a reviewer's signature says: "I, this reviewer, was shown this view of this request and give this verdict."
///
/// Both sides build it from what they hold themselves: the reviewer from what was shown, the agent from what it
/// asked. A signature counts only when it covers the agent's own text. A plain value.
struct DecisionStatement {
    std::string request_id;
    std::string nonce;          ///< makes two requests with equal arguments two
    std::string action_digest;  ///< of the true arguments
    std::string view_digest;    ///< of what the reviewer was shown
    std::string policy_digest;
    Verdict verdict = Verdict::reject;
    std::string reviewer;
    std::string notes_digest;  ///< BLAKE2b-256 of the reviewer's note
    Time expires_at{};         ///< the request's deadline

    /// How much of that view was on the screen. Missing in statements of version 1, which did not say.
    std::optional<Shown> shown;

    /// The digest of the view that the reviewer made of it by editing the arguments. Missing where nothing was edited.
    std::optional<std::string> edited_view = {};

    /// BLAKE2b-256 of what the reviewer granted beside the approval, as canonical JSON. Missing where nothing was.
    std::optional<std::string> grant_digest = {};

    /// The digest of what the reviewer answered instead of letting the call run. Missing where the verdict is no answer.
    std::optional<std::string> answer_digest = {};

    /// The statement that `decision` makes on `request`. The digest of the view is computed from what the request
    /// shows, never taken from where it says what that digest is.
    /// Throws ArgumentsRefusedError when the request has no canonical form, and DecisionError (invalid_edit) for edits
    /// that name what it does not have.
    [[nodiscard]] static DecisionStatement on(const ApprovalRequest& request, const Decision& decision);

    /// The text that is signed: canonical JSON that no other signed text of ApproveKit can equal. Of version 4 with
    /// `grant_digest` or `answer_digest`, else of version 3 with `edited_view`, of version 1 without `shown`, of version 2
    /// with it.
    [[nodiscard]] std::string text() const;

    /// The reverse of text(); nothing for whatever text() does not write.
    [[nodiscard]] static std::optional<DecisionStatement> parse(std::string_view text);

    friend bool operator==(const DecisionStatement&, const DecisionStatement&) = default;
};

}  // namespace approvekit
