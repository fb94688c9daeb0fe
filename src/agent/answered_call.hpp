#pragma once

#include "agent/call_scrubber.hpp"
#include "approvekit/keyed_call.hpp"
#include "approvekit/storage.hpp"

#include <exception>

namespace approvekit::detail {

/// What a reviewer answered to `asked`, as an AnsweredError to be thrown. Whatever speaks against it is refused instead:
/// `verify`, which may be empty, the record, and an answer that holds what the call hides, which nobody repeats.
/// Throws StorageError.
[[nodiscard]] std::exception_ptr answer_to(Storage& storage, const ApprovalRequest& asked, const DecisionCheck& verify,
                                           const CallScrubber& scrubber);

/// Whether a reviewer answered when the same was asked before with its key.
[[nodiscard]] bool was_answered(const KeyedAnswer& answer) noexcept;

}  // namespace approvekit::detail
