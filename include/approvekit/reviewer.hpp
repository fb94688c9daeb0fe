#pragma once

#include "approvekit/error.hpp"
#include "approvekit/signer.hpp"
#include "approvekit/storage.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit {

/// What goes with a person's decision: `reviewer.approve(id, {.notes = "as agreed", .seen = request.view_digest})`.
struct ReviewerAnswer {
    std::string notes = {};             ///< for the agent and the record
    std::string seen = {};              ///< the digest of the view that the person saw; empty: not checked
    Shown shown = Shown::not_recorded;  ///< how much of that was on the screen, which a signed decision says
    /// What the person changed of the arguments, with an approval: as Decision::edits. Null: nothing.
    Json edits = nullptr;
    /// What the person grants beside an approval: the next calls like it. Its end, where it has none, is set to `lasts` from
    /// now on. Nothing: this call alone.
    std::optional<GrantTerms> grant = {};
};

/// One of several requests that a person decides together. A plain value.
struct SeenRequest {
    std::string id;                     ///< or a unique prefix of at least 4 characters
    std::string seen = {};              ///< as ReviewerAnswer::seen
    Shown shown = Shown::not_recorded;  ///< as ReviewerAnswer::shown
};

/// What became of one of them. A plain value.
struct DecisionResult {
    std::string id;                        ///< the whole one where it is known, else as it was given
    std::optional<ApprovalStatus> status;  ///< of the request now, pending where more have to approve
    std::optional<ErrorCode> code = {};    ///< why this decision was not taken; missing where it was
    std::string error = {};                ///< the same in words
};

/// The human's side: list what waits, decide it, read the record. The browser and the terminal are faces of it.
///
/// Shares the storage; thread-safe.
class Reviewer {
public:
    /// `name` stands in every decision; `way` tells how it came ("web", "terminal", "library").
    /// Throws Error (invalid_option) for an empty name, "policy", or one with blanks around it, with characters that
    /// cannot be seen, or over 200 bytes.
    Reviewer(std::shared_ptr<Storage> storage, std::string name, std::string way);

    /// From now on every decision on an agent's request is signed. Throws Error (invalid_option) when the signer has
    /// another name. Not to be called while others decide.
    void sign_with(std::shared_ptr<const Signer> signer);

    /// The same record and way, decided on by somebody else: nothing of it is signed. Throws Error (invalid_option) for such a
    /// name as above.
    [[nodiscard]] Reviewer named(std::string name) const;

    /// Decide on a request by its id or a unique prefix of at least 4 characters.
    ///
    /// Return the request after it, still pending where more have to approve; the same decision sent again, after an
    /// answer that was lost for instance, gets the same.
    /// Throw DecisionError as Storage::decide does, ambiguous where a prefix fits several, and untrusted_decision for
    /// an approval that the agent would not accept for want of a signature. Edits that the request does not allow, or that
    /// are of another type than the value there, are invalid_edit; the text begins with the path. A grant that is more
    /// than the request lets a reviewer grant is invalid_grant, and never made less. A signed approval needs ReviewerAnswer::seen.
    /// An id that exists wins over a prefix. Notes over maximum_note_bytes, with a NUL or not UTF-8 are an
    /// Error (invalid_option).
    ApprovalRequest approve(std::string_view id_or_prefix, const ReviewerAnswer& answer = {});
    ApprovalRequest reject(std::string_view id_or_prefix, const ReviewerAnswer& answer = {});
    /// Gives the caller `words`, a text or other JSON, instead of letting the call run. Throws also DecisionError
    /// (invalid_answer) where the request takes no answer or not this one. A signed answer needs ReviewerAnswer::seen.
    ApprovalRequest answer(std::string_view id_or_prefix, const Json& words, const ReviewerAnswer& with = {});

    /// Decides one after the other and says of each what became of it, in their order: of one that fails nothing is
    /// decided, and it keeps none of the others from it; but once the record fails, none of the rest is tried.
    ///
    /// Throws Error (invalid_option) before anything is decided for an id that is given twice and for notes that approve()
    /// would not take. Whoever lost the results asks again and gets the same. `may_decide` is asked before each, where it is
    /// given: once it says no, none of the rest is tried (not_entitled).
    [[nodiscard]] std::vector<DecisionResult> decide(Verdict verdict, const std::vector<SeenRequest>& requests,
                                                     const std::string& notes = {},
                                                     const std::function<bool()>& may_decide = {});

    /// The request with that id or unique prefix; throws DecisionError (not_found, ambiguous). Here and in lists
    /// view_digest is that of what the request shows, whatever the record claims.
    [[nodiscard]] ApprovalRequest find(std::string_view id_or_prefix);

    /// Ends what is overdue first, so that nothing stale is listed.
    [[nodiscard]] RequestPage list(const RequestQuery& query = {});
    [[nodiscard]] AuditPage audit(const AuditQuery& query = {});

    /// Puts a stop in force in this reviewer's name. Nothing of it is signed. Throws what Storage::stop throws.
    Stop stop(const StopOrder& order);
    /// Lifts a stop by its id or a unique prefix of at least 4 characters; an empty text stands for the only one in force.
    /// Throws DecisionError: not_found, ambiguous, already_decided.
    Stop resume(std::string_view id_or_prefix);
    [[nodiscard]] std::vector<Stop> stops(StopList which = StopList::in_force);

    /// Revokes a grant by the id of the request with which it was given, or a unique prefix of at least 4 characters, in this
    /// reviewer's name. Nothing of it is signed. Throws DecisionError: not_found, ambiguous, already_decided.
    Grant revoke(std::string_view id_or_prefix);
    [[nodiscard]] std::vector<Grant> grants(GrantList which = GrantList::live);

    /// Moves what is from before that time into a file, as Storage::archive does, in this reviewer's name; signed where the
    /// reviewer signs. Throws what that throws.
    ArchiveResult archive(Time before, const std::filesystem::path& file,
                          const std::function<void(std::int64_t)>& progress = {});
    /// Hold a request, or the call that an entry allowed, and end that: by an id, or a request's unique prefix of at least 4
    /// characters. Throw what Storage::hold and Storage::release_hold throw, and DecisionError (ambiguous).
    AuditHold hold(std::string_view id_or_prefix, std::string_view reason);
    AuditHold release_hold(std::string_view id_or_prefix);

    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    /// Null when nothing is signed.
    [[nodiscard]] const Signer* signer() const noexcept { return signer_.get(); }
    [[nodiscard]] Storage& storage() const noexcept { return *storage_; }

private:
    ApprovalRequest decide(Verdict verdict, std::string_view id_or_prefix, const ReviewerAnswer& answer,
                           const Json& words = nullptr);
    [[nodiscard]] DecisionResult result_of(Verdict verdict, const SeenRequest& request, const std::string& notes);
    void add_signature(Decision& decision);
    /// What this reviewer's key has signed on a request already, so that the same decision again is the same.
    [[nodiscard]] std::optional<DecisionSignature> own_signature(const ApprovalRequest& request) const;
    [[nodiscard]] std::string resolve(std::string_view id_or_prefix);
    [[nodiscard]] std::string resolve_prefix(std::string_view prefix);
    [[nodiscard]] std::string resolve_grant(std::string_view id_or_prefix);
    [[nodiscard]] std::string resolve_stop(std::string_view id_or_prefix);
    [[nodiscard]] std::string resolve_hold(std::string_view id_or_prefix);

    std::shared_ptr<Storage> storage_;
    std::string name_;
    std::string way_;
    std::shared_ptr<const Signer> signer_;
};

/// The name under which the operating system knows the current user, or "unknown".
[[nodiscard]] std::string login_name();

}  // namespace approvekit
