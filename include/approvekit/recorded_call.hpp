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

/// One call as the audit shows it: the decision on it, and how it ended. A plain value.
struct RecordedCall {
    AuditEntry decision;  ///< the entry that allowed or ended the call, or that refused it before that
    /// How its run ended, or why it never started; missing: not known, or it did not run.
    std::optional<AuditEntry> end;
    std::vector<AuditEntry> others;   ///< later entries about it, newest first, for instance that it was refused again
    std::size_t others_left_out = 0;  ///< how many older such entries there are, if the call was found by a search
    /// Who asked, if it was looked up and the call has a request. The record has no agent name for a call without a
    /// request.
    std::string agent = {};

    /// A search returns at most this many of `others`.
    static constexpr std::size_t most_others = 100;

    /// The outcome of the call.
    [[nodiscard]] AuditEvent status() const noexcept { return end ? end->decision : decision.decision; }
};

/// Which calls to find. Empty or missing members do not restrict the search.
struct CallQuery {
    std::string request_id = {};
    std::string tool = {};  ///< the full name
    /// Who asked, the full name; finds only calls that were held for a decision.
    std::string agent = {};
    std::string reviewer = {};              ///< who decided, the full name; "policy" for the policy
    std::optional<AuditEvent> status = {};  ///< of the decision or of the end of the run
    std::string risk = {};                  ///< the label of the risk
    /// Finds decisions from this time on. The search ends at an entry that is a day older, since entries are ordered by
    /// when they were written, and their times follow that order unless somebody sets a clock.
    std::optional<Time> since = {};
    std::optional<Time> until = {};  ///< finds decisions before this time
    /// Occurs in the tool's name, the arguments or the notes; ASCII letters match regardless of case.
    std::string text = {};
    std::size_t limit = 50;
    std::string cursor = {};       ///< CallPage::next of the previous page
    std::size_t most_entries = 0;  ///< a page ends after about this many entries, whatever it has found; 0: no limit
};

/// A page may hold fewer calls than CallQuery::limit, or none: it also ends after CallQuery::most_entries entries and
/// after about 8 MiB of calls. Only `next` says whether there is more to search.
struct CallPage {
    std::vector<RecordedCall> calls;
    std::string next;                  ///< empty on the last page
    std::optional<Time> reached = {};  ///< how far back the search went; missing on the last page
};

/// How many calls match a query, as far as the search went.
struct CallCount {
    std::size_t calls = 0;
    std::string next;                  ///< where to continue counting; empty: all are counted
    std::optional<Time> reached = {};  ///< as in CallPage
};

/// Visits every call in the record once, the latest decisions first, until `visit` returns false. A call that was
/// refused and has no decision is visited at its refusal. Reads the audit once, and keeps in memory only one page of it
/// and the entries of calls whose decision it has not reached yet. Votes, take-overs and stops are not calls. Throws
/// StorageError.
void visit_calls(Storage& record, const std::function<bool(RecordedCall)>& visit);

/// Returns the calls that match `query`, the latest decisions first, each with its agent. A page begins where the
/// previous one ended; in addition it reads what was written since then, as this may belong to calls whose decision is
/// on the page. Throws StorageError, and Error (invalid_option) for a cursor that no page returned, or after which more
/// than 100,000 entries were written.
[[nodiscard]] CallPage find_calls(Storage& record, const CallQuery& query);

/// Counts the matching calls from the cursor on; CallQuery::limit is ignored. Throws as find_calls() does.
[[nodiscard]] CallCount count_calls(Storage& record, const CallQuery& query);

/// Returns the call whose decision is at this place in the audit, with its agent, or nothing if there is none. Throws
/// StorageError.
[[nodiscard]] std::optional<RecordedCall> find_call(Storage& record, std::int64_t sequence);

/// {status, agent: TEXT or null, decision: ENTRY, end: ENTRY or null, others: [ENTRY...]}, and others_left_out when
/// there are any left out.
[[nodiscard]] Json to_json_view(const RecordedCall& call);

}  // namespace approvekit
