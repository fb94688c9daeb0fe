#pragma once

#include "approvekit/audit.hpp"
#include "approvekit/storage.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit {

/// One call as the audit tells it: what was decided on it, and how it ended. A plain value.
struct RecordedCall {
    AuditEntry decision;              ///< the entry that allowed or ended it, or that refused it before either
    std::optional<AuditEntry> end;    ///< how its run ended, or why it never started; missing: not known, or no run
    std::vector<AuditEntry> others;   ///< what else is told of it since, newest first: that it was refused once more
    std::size_t others_left_out = 0;  ///< how many older ones than these there are, where it was found by a search
    /// Who asked, where that is looked up and a request tells it. The record has no name of whoever made a call that no
    /// request precedes.
    std::string agent = {};

    /// A search tells so many of `others`.
    static constexpr std::size_t most_others = 100;

    /// What it came to.
    [[nodiscard]] AuditEvent status() const noexcept { return end ? end->decision : decision.decision; }
};

/// Which calls to find. What is empty or missing asks for nothing.
struct CallQuery {
    std::string request_id = {};
    std::string tool = {};                  ///< its whole name
    std::string agent = {};                 ///< who asked, the whole name; of calls that were held for a decision only
    std::string reviewer = {};              ///< who decided, the whole name; "policy" for the policy
    std::optional<AuditEvent> status = {};  ///< of the decision or of the end
    std::string risk = {};                  ///< its label
    /// Of the decision, from then on. What was decided a day before it ends the search: entries are in the order in which
    /// they were written, which that of their times follows as far as nobody sets a clock.
    std::optional<Time> since = {};
    std::optional<Time> until = {};  ///< of the decision, before then
    std::string text = {};           ///< in the tool's name, the arguments or the notes; ASCII without case
    std::size_t limit = 50;
    std::string cursor = {};       ///< CallPage::next of the page before
    std::size_t most_entries = 0;  ///< after how many entries a page ends, about, whatever it has; 0: it looks at all
};

/// A page may hold fewer calls than CallQuery::limit, or none, where its entries were used up: `next` alone tells whether
/// more is to be looked at.
struct CallPage {
    std::vector<RecordedCall> calls;
    std::string next;                  ///< empty on the last page
    std::optional<Time> reached = {};  ///< back to when it looked; missing on the last page
};

/// How many calls a query asks for, as far as they were looked at.
struct CallCount {
    std::size_t calls = 0;
    std::string next;                  ///< from where on they are not counted yet; empty: these are all
    std::optional<Time> reached = {};  ///< as in CallPage
};

/// Visits every call on record once, those that were decided last first, until `visit` returns false. One that was refused
/// and that no entry decided stands in the place of its refusal. Reads the audit once; holds no more than a page of it and
/// what is told of calls whose decision comes later. Votes, take-overs and stops are no calls. Throws StorageError.
void visit_calls(Storage& record, const std::function<bool(RecordedCall)>& visit);

/// The calls that `query` asks for, those that were decided last first, each with its agent. A page begins where the one
/// before ended, and reads beside it what was written since, whose decision may be of the page. Throws StorageError, and
/// Error (invalid_option) for a cursor that no page handed out, or since which more than 100,000 entries were written.
[[nodiscard]] CallPage find_calls(Storage& record, const CallQuery& query);

/// Counts them from the cursor on; the limit does not matter. Throws as find_calls() does.
[[nodiscard]] CallCount count_calls(Storage& record, const CallQuery& query);

/// The call whose decision has that place in the audit, with its agent; nothing where none has. Throws StorageError.
[[nodiscard]] std::optional<RecordedCall> find_call(Storage& record, std::int64_t sequence);

/// {status, agent: TEXT or null, decision: ENTRY, end: ENTRY or null, others: [ENTRY...]}, and others_left_out where some are
[[nodiscard]] Json to_json_view(const RecordedCall& call);

}  // namespace approvekit
