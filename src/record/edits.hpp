#pragma once

#include "approvekit/request.hpp"
#include "record/audit_chain.hpp"
#include "record/rows.hpp"
#include "record/tables.hpp"

#include <cstddef>
#include <optional>
#include <string>

/// What a reviewer changes of the arguments when approving them (G16): the new values by the paths that the request lists
/// as editable. An edit speaks of what was shown, and makes another view of it, with a digest of its own. Who applies it
/// changes nothing but what stands at these paths, so that hidden values stay in place.
///
/// On record it is part of the entry that tells of its decision, which the chain covers.
namespace approvekit::record {

/// Whether a value that is shown holds "[REDACTED]", in a text or a key: whoever sees it does not know what is behind that.
[[nodiscard]] bool holds_hidden(const Json& value);

/// The metadata of a request as it was submitted.
[[nodiscard]] const Json& asked_metadata(const ApprovalRequest& request);

/// Why `edits` may not be made of what `request` shows, beginning with the path; nothing: they may.
[[nodiscard]] std::optional<std::string> objection_to_edits(const ApprovalRequest& request, const Json& edits);

/// Whether they change the same to the same. Numbers are what they are written as: JSON's own comparison takes -1 for 2^64 - 1.
[[nodiscard]] bool is_same_edit(const Json& one, const Json& other);

/// What tells edits apart from others, for a map; empty for none.
[[nodiscard]] std::string text_of_edits(const Json& edits);

/// What stands at `path` in `arguments`; null where nothing does.
[[nodiscard]] Json value_at(Json arguments, const std::string& path);

/// `arguments` with these values. Throws DecisionError (invalid_edit) for a path at which nothing stands.
[[nodiscard]] Json with_edits(Json arguments, const Json& edits);

/// Digest of the view that `edits` make of what `request` shows. Throws what with_edits() throws.
[[nodiscard]] std::string edited_view_digest(const ApprovalRequest& request, const Json& edits);

/// What an entry says of them beside the request's metadata. Throws what with_edits() throws.
[[nodiscard]] Json edits_metadata(const ApprovalRequest& request, const Json& edits);

/// What is wrong with what the entry of a decision says of edits: with itself, or with what was signed; empty: nothing.
[[nodiscard]] std::string misfit_of_edits(const Decision& decision, const AuditRecord& entry);

/// Gives a decision on `request` the edits and the grant that its entry tells of. False: the request lets arguments be
/// edited or calls like it be granted, and no entry tells of the decision. Looks nothing up for any other request.
[[nodiscard]] bool tell_edits(StoredDecision& decision, const ApprovalRequest& request, Entries& entries);

/// Puts what its reviewer changed into a request that was approved, where the record agrees about it. Returns how many bytes were read for it, nearly.
std::size_t tell_edited(ApprovalRequest& request, const Tables& tables);

}  // namespace approvekit::record
