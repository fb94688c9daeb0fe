#pragma once

#include "agent/call_scrubber.hpp"
#include "approvekit/error.hpp"
#include "approvekit/keyed_call.hpp"
#include "approvekit/request.hpp"
#include "approvekit/storage.hpp"

#include <exception>
#include <string>

namespace approvekit::detail {

/// Returns what the caller of `asked` is told once its row, `settled`, says that it does not run. `notes` are the
/// reviewer's, scrubbed. `is_foreign` says that another program wrote this end into the row.
[[nodiscard]] std::exception_ptr refusal_of(const ApprovalRequest& asked, const ApprovalRequest& settled,
                                            const std::string& notes, bool is_foreign);

[[nodiscard]] std::exception_ptr cancellation_of(const ApprovalRequest& asked, const std::string& reason);

/// Only this side still knows the tool's name if the row was removed. If somebody else used up or ended the request,
/// the caller is told the same as for an altered row.
template <typename Operation>
auto naming_tool(const ApprovalRequest& asked, const Operation& operation) {
    try {
        return operation();
    } catch (const DecisionError&) {
        throw RequestAlteredError(asked.tool_name, asked.id);
    } catch (const RequestAlteredError& refusal) {
        if (refusal.tool_name() == asked.tool_name && refusal.request_id() == asked.id) throw;
        throw RequestAlteredError(asked.tool_name, asked.id);
    }
}

/// Returns an AnsweredError with what a reviewer answered to `asked`. Returns a refusal instead if something speaks
/// against the answer: `verify`, which may be empty; the record; or the answer itself, if it contains what the call
/// hides. Such an answer is not repeated. Throws StorageError.
[[nodiscard]] std::exception_ptr answer_to(Storage& storage, const ApprovalRequest& asked, const DecisionCheck& verify,
                                           const CallScrubber& scrubber);

/// Whether a reviewer answered when the same call was asked before with its key.
[[nodiscard]] bool was_answered(const KeyedAnswer& answer) noexcept;

}  // namespace approvekit::detail
