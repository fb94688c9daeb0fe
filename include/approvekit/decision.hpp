#pragma once

#include "approvekit/grant.hpp"
#include "approvekit/json.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace approvekit {

/// The maximum size of a decision's note, in bytes.
inline constexpr std::size_t maximum_note_bytes = std::size_t{16} * 1024;

/// The maximum size of a decision's edits, in bytes of canonical JSON.
inline constexpr std::size_t maximum_edit_bytes = std::size_t{256} * 1024;

/// The maximum size of a decision's answer, in bytes of canonical JSON.
inline constexpr std::size_t maximum_answer_bytes = std::size_t{64} * 1024;

/// A reviewer's verdict on a held call.
enum class Verdict {
    approve,
    reject,
    answer,  ///< gives the caller an answer instead of letting the call run
};

[[nodiscard]] std::string_view to_string(Verdict verdict) noexcept;
[[nodiscard]] std::optional<Verdict> parse_verdict(std::string_view text) noexcept;

/// How much of a request was on the reviewer's screen before the decision, as reported by the program that took the
/// decision.
enum class Shown {
    not_recorded,  ///< not reported
    by_id,         ///< a script named the request by its id; nothing was shown
    in_part,       ///< some of it was collapsed, cut or not shown at all
    whole          ///< every argument and everything the policy says about the call
};

[[nodiscard]] std::string_view to_string(Shown shown) noexcept;
[[nodiscard]] std::optional<Shown> parse_shown(std::string_view text) noexcept;

/// Proof that a listed reviewer took a decision; see decision_statement.hpp and docs/security.md.
///
/// The mere presence of a signature proves nothing. An agent whose policy lists reviewers verifies it against the
/// request that the agent itself submitted.
struct DecisionSignature {
    std::string key_id;     ///< the short name of the public key that verifies it
    std::string statement;  ///< the signed text; used to explain why a signature does not fit, never to accept one
    std::string signature;  ///< Ed25519, base64
};

/// One reviewer's decision on one request: who, through which interface, what and why.
struct Decision {
    std::string request_id;
    Verdict verdict = Verdict::reject;
    std::string reviewer;
    std::string way;    ///< "web", "terminal", "library"
    std::string notes;  ///< may be empty

    /// The digest of the view that the reviewer saw. When it is set and the request's digest differs by now, the
    /// decision is refused.
    std::string view_digest;

    Shown shown = Shown::not_recorded;  ///< recorded with an approval; a signed decision also signs it

    std::optional<DecisionSignature> signature;

    /// What the reviewer changed in the arguments when approving them: an object with the new values keyed by
    /// path, `{"args.body": "Dear Ada"}`. Null: nothing; they are approved as shown.
    Json edits = nullptr;

    /// What the reviewer grants in addition to the approval. Nothing: only this call is approved.
    std::optional<GrantTerms> grant = {};

    /// Only with Verdict::answer: what the caller gets instead of the tool's result, a text or other JSON. Null:
    /// nothing.
    Json answer = nullptr;
};

/// Whether `again` repeats the decision `taken`: the same reviewer, verdict, notes, edits, grant and answer; signed by
/// the same key over the same statement, or both unsigned; and on the same view if `again` names one.
[[nodiscard]] bool is_same_decision(const Decision& taken, const Decision& again);

}  // namespace approvekit
