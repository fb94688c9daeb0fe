#pragma once

#include "approvekit/decision.hpp"
#include "approvekit/request.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace approvekit {

/// The statement that a reviewer signs: "I, this reviewer, was shown this view of this request and give this verdict."
///
/// Both sides build it from their own data: the reviewer from what was shown, the agent from what it asked. A signature
/// counts only when it covers the agent's own text. A plain value.
struct DecisionStatement {
    std::string request_id;
    std::string nonce;          ///< makes two requests with equal arguments distinct
    std::string action_digest;  ///< of the true arguments
    std::string view_digest;    ///< of what the reviewer was shown
    std::string policy_digest;
    Verdict verdict = Verdict::reject;
    std::string reviewer;
    std::string notes_digest;  ///< BLAKE2b-256 of the reviewer's note
    Time expires_at{};         ///< the request's deadline

    /// How much of that view was on the screen. Missing in statements of version 1, which did not contain it.
    std::optional<Shown> shown;

    /// The digest of the view with the reviewer's edits applied. Missing when nothing was edited.
    std::optional<std::string> edited_view = {};

    /// BLAKE2b-256 of what the reviewer granted in addition, as canonical JSON. Missing when nothing was granted.
    std::optional<std::string> grant_digest = {};

    /// The digest of the reviewer's answer to the caller. Missing unless the verdict is an answer.
    std::optional<std::string> answer_digest = {};

    /// The statement that `decision` makes on `request`. The digest of the view is computed from what the request
    /// shows, never taken from the request's own view_digest. Throws ArgumentsRefusedError when the request has no
    /// canonical form, and DecisionError (invalid_edit) for edits of a path that it does not have.
    [[nodiscard]] static DecisionStatement on(const ApprovalRequest& request, const Decision& decision);

    /// The text that is signed: canonical JSON that no other signed text of ApproveKit can equal. It is version 4 with
    /// `grant_digest` or `answer_digest`, else version 3 with `edited_view`, else version 2 with `shown`, else version
    /// 1.
    [[nodiscard]] std::string text() const;

    /// The reverse of text(). Returns nothing for anything that text() would not write.
    [[nodiscard]] static std::optional<DecisionStatement> parse(std::string_view text);

    friend bool operator==(const DecisionStatement&, const DecisionStatement&) = default;
};

}  // namespace approvekit
