#pragma once

#include "approvekit/request.hpp"
#include "record/audit_chain.hpp"
#include "record/rows.hpp"
#include "record/tables.hpp"

#include <cstddef>
#include <exception>
#include <optional>
#include <string>

/// A reviewer may give the caller of a held call an answer instead of letting the call run: a text, or other JSON.
///
/// On record, the answer is part of its decision's entry, which the hash chain covers.
namespace approvekit::record {

/// Returns why `answer` may not be given to `request`, or nothing if it may.
[[nodiscard]] std::optional<std::string> objection_to_answer(const ApprovalRequest& request, const Json& answer);

/// The same for a decision. A decision must have an answer if its verdict is `answer`, and must have none otherwise.
[[nodiscard]] std::optional<std::string> objection_to_answer_of(const ApprovalRequest& request,
                                                                const Decision& decision);

/// The same as a DecisionError (invalid_answer), or null if there is no objection.
[[nodiscard]] std::exception_ptr refusal_of_answer(const ApprovalRequest& request, const Decision& decision);

/// Returns the digest that a signature covers, in hexadecimal. Throws ArgumentsRefusedError if the answer has no
/// canonical form.
[[nodiscard]] std::string answer_digest(const Json& answer);

/// Returns how the answer in a decision's entry contradicts the entry itself or the signed statement. Empty if it does
/// not.
[[nodiscard]] std::string misfit_of_answer(const Decision& decision, const AuditRecord& entry);

/// Fills in the answer of a decision from the decision's entry. Returns false if no entry records the decision. Looks
/// nothing up if the verdict is not `answer`.
[[nodiscard]] bool tell_answer(StoredDecision& decision, Entries& entries);

/// Fills in the reviewer's answer of a request that was answered, if the record agrees about it. Returns roughly how
/// many bytes were read for it.
std::size_t tell_answered(ApprovalRequest& request, const Tables& tables);

}  // namespace approvekit::record
