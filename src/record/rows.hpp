#pragma once

#include "approvekit/clock.hpp"
#include "approvekit/decision.hpp"
#include "approvekit/keyed_call.hpp"
#include "approvekit/request.hpp"
#include "approvekit/stop.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace approvekit::record {

/// One moment, on every clock that deadlines are measured with.
struct Moment {
    Time now{};
    std::string text;                        ///< `now` in the form that the record uses
    std::string boot_id;                     ///< the boot of the machine that `since_boot` counts from
    std::chrono::microseconds since_boot{};  ///< includes the time that the machine was asleep
};

[[nodiscard]] Moment moment_of(const Clock& clock, std::string boot_id);

/// What a held call is bound to, besides its deadline on the wall clock.
struct Binding {
    std::int64_t session = 0;
    std::string boot_id;
    std::int64_t boot_deadline = 0;  ///< microseconds since boot
};

/// A request with the data that only the record needs.
struct StoredRequest {
    ApprovalRequest request;
    std::string status_text;  ///< as it is stored
    std::int64_t session = 0;
    std::string boot_id;
    std::int64_t boot_deadline = 0;  ///< microseconds since boot; moved by an approval, see start_window.hpp
    bool is_open = false;            ///< whether it still has to end: pending, not claimed yet, or running
    std::string decided_at;          ///< of the decision beside it; empty if there is none

    // Needed only for verifying, as it is stored.
    std::string reviewed_at;
    std::optional<std::string> started_at;
    std::optional<std::string> finished_at;
    std::string decision_entry;         ///< the entry that the decision beside it names; empty if there is none
    std::optional<SubmittedView> copy;  ///< what was submitted, if the row puts it in other words
};

/// The status of a request after a reviewer's decision with this verdict.
[[nodiscard]] ApprovalStatus status_of(Verdict verdict) noexcept;
/// The reverse. Returns nothing for a status that no reviewer gives.
[[nodiscard]] std::optional<Verdict> verdict_of(ApprovalStatus status) noexcept;

/// Sets who decided, if the row says that somebody did: the reviewer of the decision beside it, or else another
/// program.
void name_decider(StoredRequest& stored, const Decision* decision);

/// Turns a pending request, as it was read, into what is stored of it after `decision` at `moment`; `entry_id` is the
/// entry about it. A row may be long, and this saves reading it again.
void note_decision(StoredRequest& stored, const Decision& decision, const Moment& moment, const std::string& entry_id);

/// Keeps `copy`, what was submitted, for a row that puts it in other words. If the two differ in meaning, the request
/// shows the copy.
void keep_copy(StoredRequest& stored, SubmittedView copy);

/// Sets whether a request of ours waits for an agent to take it over.
void tell_whether_it_awaits_agent(StoredRequest& stored);

/// What happened to a request of ours, as it is kept beside its row.
struct StoredRun {
    std::int64_t session = 0;
    bool is_open = false;
    RunState state = RunState::none;
    std::string started_at;  ///< empty if the call was not allowed to start
    bool has_row = false;    ///< false: another program removed the row of the request
};

/// A decision with the data that the record adds.
struct StoredDecision {
    Decision decision;
    std::string decided_at;
    std::string entry_id;  ///< the audit entry about it
};

/// What was asked with a key: a request, or an intent with the end of its run.
struct StoredKey {
    std::int64_t number = 0;  ///< unique; a later one has a higher number
    std::string key;
    std::string tool_name;
    CallCommitment commitment;
    std::string request_id;    ///< auto_request_id for an intent; only an intent has what follows
    std::string entry_id;      ///< the audit entry of the intent
    std::int64_t session = 0;  ///< the session that recorded it
    RunState run = RunState::none;
    std::string note;
};

/// A stop with its times as they are stored.
struct StoredStop {
    Stop stop;
    std::string since;
    std::string ended_at;  ///< empty while it is in force
};

/// What a start took of a limit. Those of one bucket of one limit are in the order of their starts.
struct StoredUse {
    std::int64_t number = 0;  ///< unique; a later one has a higher number
    std::string limit;
    std::string bucket;
    std::string start;    ///< the entry of the intent, or the id of the request that started
    std::int64_t at = 0;  ///< the time from which it counts, in microseconds since 1970; no earlier than the one before
    std::int64_t amount = 0;      ///< in millionths
    std::int64_t total = 0;       ///< the sum up to here, reduced if it became too large
    bool was_given_back = false;  ///< the call did not start; the amount is 0
};

/// A grant with its times as they are stored. Only the entry of the approval tells what it allows.
struct StoredGrant {
    std::string id;  ///< of the request
    std::string tool_name;
    std::string agent;
    std::string since;
    std::string until;
    std::string revoked_at;  ///< empty if nobody revoked it
    std::string revoked_by;
    std::string revoked_way;
};

/// A call that started by a grant.
struct StoredGrantUse {
    std::string grant;
    std::int64_t place = 0;  ///< its number among the uses of the grant, from 1
    std::string start;       ///< the entry of its intent
    std::string at;          ///< no earlier than the use before it
};

/// An intent without an outcome.
struct OpenIntent {
    std::string entry_id;
    std::string request_id;
    std::string tool_name;
};

}  // namespace approvekit::record
