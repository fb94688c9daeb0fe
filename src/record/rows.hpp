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

/// One moment on every clock that deadlines are kept by.
struct Moment {
    Time now{};
    std::string text;                        ///< `now` as the record writes it
    std::string boot_id;                     ///< the run of the machine that `since_boot` counts from
    std::chrono::microseconds since_boot{};  ///< including what the machine slept
};

[[nodiscard]] Moment moment_of(const Clock& clock, std::string boot_id);

/// To what a held call is bound besides its deadline on the wall clock.
struct Binding {
    std::int64_t session = 0;
    std::string boot_id;
    std::int64_t boot_deadline = 0;  ///< microseconds since boot
};

/// A request with what only the record needs of it.
struct StoredRequest {
    ApprovalRequest request;
    std::string status_text;  ///< as it is stored
    std::int64_t session = 0;
    std::string boot_id;
    std::int64_t boot_deadline = 0;  ///< microseconds since boot; moved by an approval, see start_window.hpp
    bool is_open = false;            ///< whether it still needs an end: pending, not claimed yet, or running
    std::string decided_at;          ///< of the decision beside it; empty: there is none

    // What only verifying needs, as it is stored.
    std::string reviewed_at;
    std::optional<std::string> started_at;
    std::optional<std::string> finished_at;
    std::string decision_entry;         ///< the entry that the decision beside it names; empty: there is none
    std::optional<SubmittedView> copy;  ///< what was submitted, where the row puts it in other words
};

/// What a request is once a reviewer decided so.
[[nodiscard]] ApprovalStatus status_of(Verdict verdict) noexcept;
/// The reverse; nothing for a state that no reviewer gives.
[[nodiscard]] std::optional<Verdict> verdict_of(ApprovalStatus status) noexcept;

/// Names who decided, where the row says that somebody did: whose decision stands beside it, or else another program.
void name_decider(StoredRequest& stored, const Decision* decision);

/// Makes of a pending request, as it was read, what is stored of it once `decision` is taken at `moment`, which
/// `entry_id` tells of: a row may be long, and there is no need to read it again.
void note_decision(StoredRequest& stored, const Decision& decision, const Moment& moment, const std::string& entry_id);

/// Keeps `copy`, what was submitted, of a row that puts it in other words. Where these say something else, the request
/// shows it.
void keep_copy(StoredRequest& stored, SubmittedView copy);

/// Says of a request of ours whether it waits for an agent to take it over.
void tell_whether_it_awaits_agent(StoredRequest& stored);

/// What became of a request of ours, as it is kept beside its row.
struct StoredRun {
    std::int64_t session = 0;
    bool is_open = false;
    RunState state = RunState::none;
    std::string started_at;  ///< empty while the call was not let start
    bool has_row = false;    ///< false: another program removed the request itself
};

/// A decision with what the record adds to it.
struct StoredDecision {
    Decision decision;
    std::string decided_at;
    std::string entry_id;  ///< the audit entry that tells of it
};

/// What was asked with a key: a request, or an intent with what became of its run.
struct StoredKey {
    std::int64_t number = 0;  ///< tells it from all others; a later one has a higher one
    std::string key;
    std::string tool_name;
    CallCommitment commitment;
    std::string request_id;    ///< auto_request_id for an intent, which alone has the following
    std::string entry_id;      ///< the audit entry of the intent
    std::int64_t session = 0;  ///< that recorded it
    RunState run = RunState::none;
    std::string note;
};

/// A stop with its times as they are stored.
struct StoredStop {
    Stop stop;
    std::string since;
    std::string ended_at;  ///< empty while it is in force
};

/// What a start took of a limit. Those of one bucket of one limit are in the order in which they started.
struct StoredUse {
    std::int64_t number = 0;  ///< tells it from all others; a later one has a higher one
    std::string limit;
    std::string bucket;
    std::string start;            ///< the entry of the intent, or the id of the request that started
    std::int64_t at = 0;          ///< from when it counts, in microseconds since 1970; no earlier than the one before
    std::int64_t amount = 0;      ///< in millionths
    std::int64_t total = 0;       ///< with all before it, less than it was where that became too much
    bool was_given_back = false;  ///< the call did not start, and the amount is 0
};

/// A grant with its times as they are stored. What it lets run is told by the entry of the approval, and by nothing else.
struct StoredGrant {
    std::string id;  ///< of the request
    std::string tool_name;
    std::string agent;
    std::string since;
    std::string until;
    std::string revoked_at;  ///< empty for one that nobody revoked
    std::string revoked_by;
    std::string revoked_way;
};

/// A call that a grant let start.
struct StoredGrantUse {
    std::string grant;
    std::int64_t place = 0;  ///< among those of the grant, from 1 on
    std::string start;       ///< the entry of its intent
    std::string at;          ///< no earlier than the one before
};

/// An intent without an outcome.
struct OpenIntent {
    std::string entry_id;
    std::string request_id;
    std::string tool_name;
};

}  // namespace approvekit::record
