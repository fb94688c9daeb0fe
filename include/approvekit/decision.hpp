#pragma once

#include "approvekit/grant.hpp"
#include "approvekit/json.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace approvekit {

/// The longest note that a decision may carry.
inline constexpr std::size_t maximum_note_bytes = std::size_t{16} * 1024;

/// The most that the edits of a decision may measure, as canonical JSON.
inline constexpr std::size_t maximum_edit_bytes = std::size_t{256} * 1024;

/// The most that the answer of a decision may measure, as canonical JSON.
inline constexpr std::size_t maximum_answer_bytes = std::size_t{64} * 1024;

/// What a reviewer says to a held call.
enum class Verdict {
    approve,
    reject,
    answer,  ///< gives its caller an answer instead of letting it run
};

[[nodiscard]] std::string_view to_string(Verdict verdict) noexcept;
[[nodiscard]] std::optional<Verdict> parse_verdict(std::string_view text) noexcept;

/// How much of a request was on the reviewer's screen before the decision, by the word of whoever took it in.
enum class Shown {
    not_recorded,  ///< nobody said
    by_id,         ///< a script named the request by its id; nothing was shown
    in_part,       ///< some of it was folded, cut or not shown at all
    whole          ///< every argument and all that the policy says of it
};

[[nodiscard]] std::string_view to_string(Shown shown) noexcept;
[[nodiscard]] std::optional<Shown> parse_shown(std::string_view text) noexcept;

/// The proof that a listed reviewer took a decision; see decision_statement.hpp and docs/security.md.
///
/// That one is there says nothing. An agent whose policy lists reviewers verifies it against what it asked itself.
struct DecisionSignature {
    std::string key_id;     ///< the short name of the public key that verifies it
    std::string statement;  ///< what was signed, as text; tells why a signature does not fit, and never that it does
    std::string signature;  ///< Ed25519, base64
};

/// One reviewer's answer to one request: who, which way, what and why.
struct Decision {
    std::string request_id;
    Verdict verdict = Verdict::reject;
    std::string reviewer;
    std::string way;    ///< "web", "terminal", "library"
    std::string notes;  ///< may be empty

    /// The digest of the view that the reviewer saw. When set, the decision is refused if the request
    /// has another one by now.
    std::string view_digest;

    Shown shown = Shown::not_recorded;  ///< kept where the decision is signed, as part of what is signed

    std::optional<DecisionSignature> signature;

    /// What the reviewer changed of the arguments when approving them (G16): an object that has the new value of each
    /// by its path, `{"args.body": "Dear Ada"}`. Null: nothing, they are approved as they were shown.
    Json edits = nullptr;

    /// What the reviewer grants beside an approval (G17); nothing: this call alone.
    std::optional<GrantTerms> grant = {};

    /// With Verdict::answer alone: what the caller gets instead of the tool's result, a text or other JSON. Null: nothing.
    Json answer = nullptr;
};

/// Whether `again` is the decision that `taken` records: by the same reviewer, with the same verdict, notes, edits, grant and
/// answer, signed
/// by the same key over the same statement or not at all, and on the same view where it names one.
[[nodiscard]] bool is_same_decision(const Decision& taken, const Decision& again);

}  // namespace approvekit
