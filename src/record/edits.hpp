#pragma once

#include "approvekit/request.hpp"
#include "record/audit_chain.hpp"
#include "record/rows.hpp"
#include "record/tables.hpp"

#include <cstddef>
#include <optional>
#include <string>

/// The arguments that a reviewer changes with an approval (G16): new values by their paths, which the request must list
/// as editable. An edit refers to the arguments that were shown, and results in another view, which has its own digest.
/// Applying it changes only the values at these paths, so that hidden values stay.
///
/// On record, the edits are part of their decision's entry, which the hash chain covers.
namespace approvekit::record {

/// Whether a shown value contains "[REDACTED]", in a text or a key. A reader cannot know what is behind that.
[[nodiscard]] bool holds_hidden(const Json& value);

/// Returns the metadata of a request as it was submitted.
[[nodiscard]] const Json& asked_metadata(const ApprovalRequest& request);

/// Returns why `edits` may not be made in the arguments that `request` shows, beginning with the path; or nothing if
/// they may.
[[nodiscard]] std::optional<std::string> objection_to_edits(const ApprovalRequest& request, const Json& edits);

/// Whether both change the same arguments to the same values. Compares numbers as they are written, since JSON's own
/// comparison says that -1 equals 2^64 - 1.
[[nodiscard]] bool is_same_edit(const Json& one, const Json& other);

/// Returns a text that is equal only for the same edits, for use as a map key. Empty if there are no edits.
[[nodiscard]] std::string text_of_edits(const Json& edits);

/// Returns the value at `path` in `arguments`, or null if there is none.
[[nodiscard]] Json value_at(Json arguments, const std::string& path);

/// Returns `arguments` with these values. Throws DecisionError (invalid_edit) for a path that does not exist in them.
[[nodiscard]] Json with_edits(Json arguments, const Json& edits);

/// Returns the digest of the view that `request` has with `edits`. Throws what with_edits() throws.
[[nodiscard]] std::string edited_view_digest(const ApprovalRequest& request, const Json& edits);

/// Returns what an entry records about the edits besides the request's metadata. Throws what with_edits() throws.
[[nodiscard]] Json edits_metadata(const ApprovalRequest& request, const Json& edits);

/// Returns how the edits in a decision's entry contradict the entry itself or the signed statement. Empty if they do
/// not.
[[nodiscard]] std::string misfit_of_edits(const Decision& decision, const AuditRecord& entry);

/// Fills in the edits and the grant of a decision on `request` from the decision's entry. Returns false if the request
/// allows edits or grants and no entry records the decision. Looks nothing up for any other request.
[[nodiscard]] bool tell_edits(StoredDecision& decision, const ApprovalRequest& request, Entries& entries);

/// Fills in the reviewer's edits of a request that was approved, if the record agrees about them. Returns roughly how
/// many bytes were read for it.
std::size_t tell_edited(ApprovalRequest& request, const Tables& tables);

}  // namespace approvekit::record
