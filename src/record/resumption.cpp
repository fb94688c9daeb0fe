#include "record/resumption.hpp"

#include "record/answers.hpp"
#include "record/edits.hpp"
#include "record/start_window.hpp"
#include "record/sweep.hpp"
#include "record/ways.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace approvekit::record {

namespace {

using Kind = KeyedAnswer::Kind;

constexpr const char* resumed_reason = "an agent asked again with its key";
constexpr const char* replaced_reason = "asked again with the same key, and not the same otherwise";
constexpr const char* conflict_reason = "its idempotency key is that of another call";
constexpr const char* lost_reason = "what the record had of it was removed";

enum class Comparison { same, other, unknown };

/// Compares what is bound to the key, no matter what the two calls show.
Comparison compare(const StoredKey& asked, const KeyedCall& call) {
    if (asked.tool_name != call.tool_name) return Comparison::other;
    const auto own = std::find_if(call.commitments.begin(), call.commitments.end(), [&](const CallCommitment& one) {
        return one.secret_id == asked.commitment.secret_id;
    });
    if (own == call.commitments.end()) return Comparison::unknown;
    return own->digest == asked.commitment.digest ? Comparison::same : Comparison::other;
}

KeyedAnswer answer_of(Kind kind, const StoredRequest& stored) {
    KeyedAnswer answer;
    answer.kind = kind;
    answer.request_id = stored.request.id;
    answer.run = stored.request.run;
    answer.note = stored.request.run_note;
    answer.request = stored.request;
    return answer;
}

KeyedAnswer plain(Kind kind) {
    KeyedAnswer answer;
    answer.kind = kind;
    return answer;
}

/// Whether it was approved, and closed because its time to start was over, or later than that.
bool ended_late(const StoredRequest& stored) {
    const ApprovalRequest& request = stored.request;
    if (stored.is_open || stored.started_at || request.status != ApprovalStatus::approved) return false;
    const auto closed = parse_time(stored.finished_at.value_or(""));
    const auto end = end_of_time(stored);
    return request.run_note == unstarted_reason || (closed && end && *closed >= *end);
}

/// Builds a request, whose row is gone, from the entry that tells of its end.
ApprovalRequest request_of(const AuditRecord& settled, ApprovalStatus status) {
    ApprovalRequest request;
    request.id = settled.request_id;
    request.tool_name = settled.tool_name;
    request.status = status;
    request.reviewer = settled.reviewer;
    request.reviewer_notes = settled.notes;
    return request;
}

bool is_final(ApprovalStatus status) noexcept {
    return status == ApprovalStatus::rejected || status == ApprovalStatus::timeout ||
           status == ApprovalStatus::answered;
}

}  // namespace

KeyedAnswer Resumption::submit(const ApprovalRequest& request, const KeyedCall& call) {
    KeyedAnswer answer = look(call, Successor::named);
    if (answer.kind == Kind::conflict) {
        audit_.refusal({request.tool_name, request.tool_args.dump(), request.metadata.dump(), conflict_reason});
    }
    if (answer.kind != Kind::accepted) return answer;
    transitions_.submit(request);
    keep(call, request.id, "");
    answer.request_id = request.id;
    return answer;
}

Result<KeyedAnswer> Resumption::allow(const Intent& intent, const KeyedCall& call) {
    if (intent.use != nullptr && intent.use->beyond == Beyond::hold) {
        // A request that waits for a person must be found again, and not be replaced by a call that cannot start.
        if (std::exception_ptr objection = transitions_.objection_by_limit(intent)) return {{}, objection};
    }
    if (!transitions_.has_room_in_grant(intent)) return {};
    // A person's request or decision takes precedence over a grant.
    if (intent.grant != nullptr && has_request(call)) return {};
    KeyedAnswer answer = look(call, Successor::any);
    if (answer.kind == Kind::conflict) {
        audit_.refusal({intent.tool_name, intent.tool_args, intent.metadata, conflict_reason});
    }
    if (answer.kind != Kind::accepted) return {answer, nullptr};
    Result<std::string> entry = transitions_.allow(intent);
    if (entry.refusal) return {{}, entry.refusal};
    answer.entry_id = std::move(entry.value);
    keep(call, std::string(auto_request_id), answer.entry_id);
    return {std::move(answer), nullptr};
}

bool Resumption::has_request(const KeyedCall& call) {
    const auto asked = work_.tables.keys.find(call.key);
    return asked && asked->request_id != auto_request_id;
}

void Resumption::keep(const KeyedCall& call, const std::string& request_id, const std::string& entry_id) {
    StoredKey asked;
    asked.key = call.key;
    asked.tool_name = call.tool_name;
    if (!call.commitments.empty()) asked.commitment = call.commitments.front();
    asked.request_id = request_id;
    asked.entry_id = entry_id;
    asked.session = work_.session;
    asked.run = entry_id.empty() ? RunState::none : RunState::running;
    work_.tables.keys.insert(asked);
}

KeyedAnswer Resumption::look(const KeyedCall& call, Successor successor) {
    const auto asked = work_.tables.keys.find(call.key);
    if (!asked) return {};
    KeyedAnswer answer;
    if (compare(*asked, call) == Comparison::other) {
        answer = plain(Kind::conflict);
        if (asked->request_id != auto_request_id) answer.request_id = asked->request_id;
    } else if (asked->request_id == auto_request_id) {
        answer = look_at_intent(*asked);
    } else {
        answer = look_at_request(*asked, call, successor);
    }
    answer.place = asked->number;
    return answer;
}

KeyedAnswer Resumption::look_at_intent(const StoredKey& asked) {
    if (asked.run == RunState::none) return plain(Kind::accepted);
    const bool is_running = asked.run == RunState::running;
    if (is_running && is_held(asked.session)) return plain(Kind::in_use);
    KeyedAnswer answer = plain(Kind::ended);
    answer.run = is_running ? RunState::unknown : asked.run;
    answer.note = is_running ? death_reason : asked.note;
    return answer;
}

KeyedAnswer Resumption::look_at_request(const StoredKey& asked, const KeyedCall& call, Successor successor) {
    auto found = work_.tables.requests.find(asked.request_id);
    if (!found || !found->request.ours) return look_at_removed(asked);
    StoredRequest& stored = *found;
    endings_.restore(stored);
    if (stored.is_open && stored.request.status != ApprovalStatus::pending) endings_.adopt_foreign_decision(stored);
    if (auto answer = ended(stored)) {
        if (!is_answer_to_another(stored, asked, call, successor)) return *std::move(answer);
    }
    if (stored.is_open && is_held(stored.session)) return answer_of(Kind::in_use, stored);
    const bool is_comparable = stored.is_open && compare(asked, call) == Comparison::same;
    const bool may_take_over = successor == Successor::named && is_comparable && call.is_same;
    if (may_take_over && call.is_same(stored.request)) return take_over(stored);
    return replace(stored, successor == Successor::any || call.replaces == asked.number);
}

bool Resumption::is_answer_to_another(const StoredRequest& stored, const StoredKey& asked, const KeyedCall& call,
                                      Successor successor) const {
    if (stored.request.status != ApprovalStatus::answered || successor != Successor::named) return false;
    return compare(asked, call) != Comparison::same || !call.is_same || !call.is_same(stored.request);
}

std::optional<KeyedAnswer> Resumption::ended(StoredRequest& stored) {
    if (stored.is_open && stored.request.run == RunState::running) {
        if (is_held(stored.session)) return answer_of(Kind::in_use, stored);
        end_runner(stored.session, stored.request.id);
        stored = endings_.reread(stored.request.id);
    } else if (stored.is_open && (is_overdue(stored, work_.moment) || has_lost_its_time(stored, work_.moment))) {
        Sweep(work_).end_overdue(stored.request.id);
        stored = endings_.reread(stored.request.id);
    }
    if (stored.is_open) return std::nullopt;
    const bool has_run = stored.request.run != RunState::none;
    if (!has_run && !is_final(stored.request.status) && !ended_late(stored)) return std::nullopt;
    KeyedAnswer answer = answer_of(Kind::ended, stored);
    tell_edited(*answer.request, work_.tables);
    tell_answered(*answer.request, work_.tables);
    return answer;
}

KeyedAnswer Resumption::look_at_removed(const StoredKey& asked) {
    const std::string& id = asked.request_id;
    const auto run = work_.tables.bindings.run_of(id);
    if (run && run->state == RunState::none) return look_at_removed_unstarted(id, run->is_open);
    KeyedAnswer answer = plain(Kind::ended);
    answer.request_id = id;
    answer.run = run && run->state != RunState::running ? run->state : RunState::unknown;
    if (!run) answer.note = lost_reason;
    if (!run || run->state != RunState::running) return answer;
    answer.note = death_reason;
    if (is_held(run->session)) {
        answer.kind = Kind::in_use;
    } else {
        end_runner(run->session, id);
    }
    return answer;
}

KeyedAnswer Resumption::look_at_removed_unstarted(const std::string& id, bool is_open) {
    if (const auto settled = work_.tables.entries.settlement(id)) {
        const auto status = parse_approval_status(to_string(settled->event));
        if (status && is_final(*status)) {
            KeyedAnswer answer = plain(Kind::ended);
            answer.request_id = id;
            answer.request = request_of(*settled, *status);
            return answer;
        }
    }
    if (is_open) endings_.abandon(id, way::agent);
    return plain(Kind::accepted);
}

void Resumption::end_runner(std::int64_t session, const std::string& id) {
    Sweep(work_).run({session});
    const auto run = work_.tables.bindings.run_of(id);
    if (run && run->is_open && run->state == RunState::running) endings_.mark_unknown(id);
}

KeyedAnswer Resumption::take_over(const StoredRequest& stored) {
    work_.tables.bindings.bind(stored.request.id, work_.session);
    Sweep(work_).keep_deadline(stored);
    audit_.ending(stored, AuditEvent::resumed, {"", way::agent}, resumed_reason);
    work_.announce(stored.request.id, stored.request.status);
    return answer_of(Kind::taken_over, stored);
}

KeyedAnswer Resumption::replace(StoredRequest& stored, bool may_replace) {
    if (!may_replace) return answer_of(Kind::ask_again, stored);
    if (stored.is_open && stored.request.status == ApprovalStatus::pending) {
        endings_.settle(stored, ApprovalStatus::cancelled, {"", way::agent}, replaced_reason);
    } else if (stored.is_open) {
        endings_.refuse(stored, replaced_reason);
    }
    return plain(Kind::accepted);
}

void Resumption::release(const std::string& id) {
    const auto stored = work_.tables.requests.find(id);
    const bool is_own = stored && stored->request.ours && stored->is_open && stored->session == work_.session;
    if (!is_own || stored->request.run != RunState::none || !work_.tables.keys.has_request(id)) return;
    endings_.release(id, stored->request.status);
}

bool Resumption::is_held(std::int64_t session) {
    if (session == 0) return false;
    return session == work_.session || !work_.transaction.is_gone(session);
}

}  // namespace approvekit::record
