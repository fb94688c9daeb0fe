#pragma once

#include "approvekit/audit.hpp"
#include "approvekit/storage.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit {

/// One call as the audit tells it: what was decided on it, and how it ended. A plain value.
struct RecordedCall {
    AuditEntry decision;             ///< the entry that allowed or ended it, or that refused it before either
    std::optional<AuditEntry> end;   ///< how its run ended, or why it never started; missing: not known, or no run
    std::vector<AuditEntry> others;  ///< what else is told of it since, newest first: that it was refused once more

    /// What it came to.
    [[nodiscard]] AuditEvent status() const noexcept { return end ? end->decision : decision.decision; }
};

/// Which calls to find. What is empty or missing asks for nothing.
struct CallQuery {
    std::string request_id = {};
    std::string tool = {};                  ///< its whole name
    std::string reviewer = {};              ///< who decided, the whole name; "policy" for the policy
    std::optional<AuditEvent> status = {};  ///< of the decision or of the end
    std::optional<Time> since = {};         ///< of the decision, from then on
    std::optional<Time> until = {};         ///< of the decision, before then
    std::string text = {};                  ///< in the tool's name, the arguments or the notes; ASCII without case
    std::size_t limit = 50;
    std::string cursor = {};  ///< CallPage::next of the page before
};

struct CallPage {
    std::vector<RecordedCall> calls;
    std::string next;  ///< empty on the last page
};

/// Visits every call on record once, those that were decided last first, until `visit` returns false; last those that
/// were refused and that no entry decided. Reads the audit once; holds no more than a page of it and what is told of calls
/// whose decision comes later. Votes, take-overs and stops are no calls. Throws StorageError.
void visit_calls(Storage& record, const std::function<bool(RecordedCall)>& visit);

/// The calls that `query` asks for, those that were decided last first. Each page reads the audit from its newest entry.
/// Throws StorageError, and Error (invalid_option) for a cursor that no page handed out.
[[nodiscard]] CallPage find_calls(Storage& record, const CallQuery& query);

/// {status, decision: ENTRY, end: ENTRY or null, others: [ENTRY...]}
[[nodiscard]] Json to_json_view(const RecordedCall& call);

}  // namespace approvekit
