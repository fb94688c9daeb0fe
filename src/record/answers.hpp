#pragma once

#include "approvekit/request.hpp"
#include "record/audit_chain.hpp"
#include "record/rows.hpp"
#include "record/tables.hpp"

#include <cstddef>
#include <exception>
#include <optional>
#include <string>

/// What a reviewer gives the caller of a held call instead of letting it run: a text, or other JSON.
///
/// On record it is part of the entry that tells of its decision, which the chain covers.
namespace approvekit::record {

/// Why `answer` may not be given to what `request` asks; nothing: it may.
[[nodiscard]] std::optional<std::string> objection_to_answer(const ApprovalRequest& request, const Json& answer);

/// The same of a decision, which has an answer where that is its verdict, and nowhere else.
[[nodiscard]] std::optional<std::string> objection_to_answer_of(const ApprovalRequest& request,
                                                                const Decision& decision);

/// The same as a DecisionError (invalid_answer); null where there is no objection.
[[nodiscard]] std::exception_ptr refusal_of_answer(const ApprovalRequest& request, const Decision& decision);

/// Hexadecimal, of what a signature covers. Throws ArgumentsRefusedError for what has no canonical form.
[[nodiscard]] std::string answer_digest(const Json& answer);

/// What is wrong with what the entry of a decision says of an answer: with itself, or with what was signed; empty: nothing.
[[nodiscard]] std::string misfit_of_answer(const Decision& decision, const AuditRecord& entry);

/// Gives a decision that answers what its entry tells. False: no entry tells of it. Looks nothing up for any other decision.
[[nodiscard]] bool tell_answer(StoredDecision& decision, Entries& entries);

/// Puts what its reviewer answered into a request that was answered, where the record agrees about it. Returns how many
/// bytes were read for it, nearly.
std::size_t tell_answered(ApprovalRequest& request, const Tables& tables);

}  // namespace approvekit::record
