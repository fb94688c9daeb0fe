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

/// Details of a person's decision: `reviewer.approve(id, {.notes = "as agreed", .seen = request.view_digest})`.
struct ReviewerAnswer {
    std::string notes = {};             ///< for the agent and the record
    std::string seen = {};              ///< digest of the view that the person saw; empty: not checked
    Shown shown = Shown::not_recorded;  ///< how much of the view was on the screen; recorded with an approval
    /// With an approval: what the person changed in the arguments, as in Decision::edits. Null: nothing.
    Json edits = nullptr;
    /// With an approval: what the person also grants for the next calls like it. If GrantTerms::until is not set, it is
    /// set to `lasts` from now. Nothing: only this call is approved.
    std::optional<GrantTerms> grant = {};
};

/// One of several requests that a person decides in one go. A plain value.
struct SeenRequest {
    std::string id;                     ///< the id, or a unique prefix of at least 4 characters
    std::string seen = {};              ///< as in ReviewerAnswer::seen
    Shown shown = Shown::not_recorded;  ///< as in ReviewerAnswer::shown
};

/// The result for one of these requests. A plain value.
struct DecisionResult {
    std::string id;                        ///< the full id if it is known, otherwise as given
    std::optional<ApprovalStatus> status;  ///< the request's status now; pending if more approvals are needed
    std::optional<ErrorCode> code = {};    ///< why the decision was not accepted; missing if it was
    std::string error = {};                ///< the same as text
};

/// The reviewer's side: lists pending requests, decides them, reads the record. The review page and the terminal prompt
/// use this class.
///
/// Shares ownership of the storage. Thread-safe.
class Reviewer {
public:
    /// `name` is recorded with every decision; `way` is the interface that it came through ("web", "terminal",
    /// "library"). Throws Error (invalid_option) for an empty name, "policy", or a name with blanks around it, with
    /// invisible characters, or of more than 200 bytes.
    Reviewer(std::shared_ptr<Storage> storage, std::string name, std::string way);

    /// From now on every decision on an agent's request is signed. Throws Error (invalid_option) when the signer has
    /// another name. Do not call it while another thread decides.
    void sign_with(std::shared_ptr<const Signer> signer);

    /// Returns a reviewer with another name on the same record and with the same `way`. It signs nothing. Throws Error
    /// (invalid_option) for a name that the constructor refuses.
    [[nodiscard]] Reviewer named(std::string name) const;

    /// Approve or reject a request, given its id or a unique prefix of at least 4 characters.
    ///
    /// Return the request after the decision; it is still pending if more approvals are needed. Sending the same
    /// decision again, for instance after the result was lost, returns the same. An id that exists takes precedence
    /// over a prefix. A signed approval needs ReviewerAnswer::seen.
    ///
    /// Throw DecisionError as Storage::decide does; also ambiguous when a prefix fits several requests, and
    /// untrusted_decision for an approval that the agent would not accept because it is not signed. Edits that the
    /// request does not allow, or that change the type of a value, are invalid_edit; the text begins with the path. A
    /// grant of more than the request allows is invalid_grant; it is never reduced. Throw Error (invalid_option) for
    /// notes that are longer than maximum_note_bytes, contain a NUL or are not UTF-8.
    ApprovalRequest approve(std::string_view id_or_prefix, const ReviewerAnswer& answer = {});
    ApprovalRequest reject(std::string_view id_or_prefix, const ReviewerAnswer& answer = {});
    /// Gives the caller `words`, a text or other JSON, instead of letting the call run. Throws as approve() does, and
    /// DecisionError (invalid_answer) when the request takes no answer, or not this one. A signed answer needs
    /// ReviewerAnswer::seen.
    ApprovalRequest answer(std::string_view id_or_prefix, const Json& words, const ReviewerAnswer& with = {});

    /// Decides the requests one after the other and returns a result for each, in the same order. A request that fails
    /// stays undecided and does not stop the others. But once the record fails, the rest are not tried.
    ///
    /// Throws Error (invalid_option), before anything is decided, for an id that is given twice and for notes that
    /// approve() would refuse. If the results were lost, calling it again returns the same. If `may_decide` is given,
    /// it is called before each request; once it returns false, the rest are not tried (not_entitled).
    [[nodiscard]] std::vector<DecisionResult> decide(Verdict verdict, const std::vector<SeenRequest>& requests,
                                                     const std::string& notes = {},
                                                     const std::function<bool()>& may_decide = {});

    /// Returns the request with this id or unique prefix. Throws DecisionError (not_found, ambiguous). Here and in
    /// lists, view_digest is computed from what the request shows, whatever the record says.
    [[nodiscard]] ApprovalRequest find(std::string_view id_or_prefix);

    /// Ends overdue requests first, so that nothing stale is listed.
    [[nodiscard]] RequestPage list(const RequestQuery& query = {});
    [[nodiscard]] AuditPage audit(const AuditQuery& query = {});

    /// Puts a stop in force in this reviewer's name. It is not signed. Throws what Storage::stop throws.
    Stop stop(const StopOrder& order);
    /// Lifts a stop, given its id or a unique prefix of at least 4 characters. An empty text means the only stop in
    /// force. Throws DecisionError (not_found, ambiguous, already_decided).
    Stop resume(std::string_view id_or_prefix);
    [[nodiscard]] std::vector<Stop> stops(StopList which = StopList::in_force);

    /// Revokes a grant in this reviewer's name, given the id of the request it was given with, or a unique prefix of at
    /// least 4 characters. It is not signed. Throws DecisionError (not_found, ambiguous, already_decided).
    Grant revoke(std::string_view id_or_prefix);
    [[nodiscard]] std::vector<Grant> grants(GrantList which = GrantList::live);

    /// Moves entries older than `before` into a file, as Storage::archive does, in this reviewer's name. Signed if this
    /// reviewer signs. Throws what Storage::archive throws.
    ArchiveResult archive(Time before, const std::filesystem::path& file,
                          const std::function<void(std::int64_t)>& progress = {});
    /// Hold a request, or the call that an entry allowed, and end the hold. Take an id, or a unique prefix of a
    /// request's id of at least 4 characters. Throw what Storage::hold and Storage::release_hold throw, and
    /// DecisionError (ambiguous).
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
    /// The signature that this reviewer's key already made on a request, so that repeating a decision gives the same
    /// decision.
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

/// The current user's name in the operating system, or "unknown".
[[nodiscard]] std::string login_name();

}  // namespace approvekit
