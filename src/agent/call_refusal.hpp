#pragma once

#include "agent/call_scrubber.hpp"
#include "approvekit/error.hpp"
#include "approvekit/keyed_call.hpp"
#include "approvekit/request.hpp"
#include "approvekit/storage.hpp"

#include <exception>
#include <string>

namespace approvekit::detail {

/// What the caller of `asked` is told once its row, `settled`, says that it does not run. `notes` are the reviewer's, and
/// scrubbed; `is_foreign` says that another program wrote that end into the row.
[[nodiscard]] std::exception_ptr refusal_of(const ApprovalRequest& asked, const ApprovalRequest& settled,
                                            const std::string& notes, bool is_foreign);

[[nodiscard]] std::exception_ptr cancellation_of(const ApprovalRequest& asked, const std::string& reason);

/// Only this side still knows the name of a tool whose row was removed. That somebody else used up or ended what this
/// call was asked for is to its caller what an altered row is.
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

/// What a reviewer answered to `asked`, as an AnsweredError to be thrown. Whatever speaks against it is refused instead:
/// `verify`, which may be empty, the record, and an answer that holds what the call hides, which nobody repeats.
/// Throws StorageError.
[[nodiscard]] std::exception_ptr answer_to(Storage& storage, const ApprovalRequest& asked, const DecisionCheck& verify,
                                           const CallScrubber& scrubber);

/// Whether a reviewer answered when the same was asked before with its key.
[[nodiscard]] bool was_answered(const KeyedAnswer& answer) noexcept;

}  // namespace approvekit::detail
