#include "postgres/bindings_table.hpp"

#include "postgres/requests_table.hpp"
#include "record/request_rows.hpp"
#include "record/run_rows.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace approvekit::postgres {

using record::read_texts;

namespace {

constexpr const char* waits = "o.is_open AND o.run = 'none'";
constexpr const char* has_decision =
    "EXISTS (SELECT 1 FROM approvekit.approvekit_decisions d WHERE d.request_id = o.request_id)";

}  // namespace

void BindingsTable::insert(const ApprovalRequest& request, const record::Binding& binding) {
    access_.connection.queue(
        "INSERT INTO approvekit.approvekit_requests(request_id, session, agent, nonce, action_digest, view_digest, "
        "policy_digest, redactions, deadline, boot_id, boot_deadline, is_open, tool_name, tool_args, created_at, "
        "metadata) SELECT $1, $2::bigint, $3, $4, $5, $6, $7, $8, $9, $10, $11::bigint, true, tool_name, tool_args, "
        "created_at, metadata FROM approvekit.approval_requests WHERE id = $1",
        request.id, binding.session, request.agent, request.nonce, request.action_digest, request.view_digest,
        request.policy_digest, Json(request.redactions).dump(), to_text(request.deadline.value_or(request.created_at)),
        binding.boot_id, binding.boot_deadline);
}

void BindingsTable::close(const std::string& id, RunState state, const std::string& note, const std::string& at) {
    access_.connection.queue(
        "UPDATE approvekit.approvekit_requests SET is_open = false, run = $1, run_note = $2, finished_at = $3 WHERE "
        "request_id = $4",
        to_string(state), note, at, id);
}

void BindingsTable::bind(const std::string& id, std::int64_t session) {
    access_.connection.queue("UPDATE approvekit.approvekit_requests SET session = $1 WHERE request_id = $2", session,
                             id);
}

void BindingsTable::keep_deadline_in(const std::string& boot_id, const std::string& id, std::int64_t boot_deadline) {
    access_.connection.queue(
        "UPDATE approvekit.approvekit_requests SET boot_id = $1, boot_deadline = $2 WHERE request_id = $3", boot_id,
        boot_deadline, id);
}

void BindingsTable::start(const std::string& id, const std::string& at) {
    access_.connection.queue(
        "UPDATE approvekit.approvekit_requests SET run = 'running', started_at = $1 WHERE request_id = $2", at, id);
}

void BindingsTable::set_boot_deadline(const std::string& id, std::int64_t boot_deadline) {
    access_.connection.queue("UPDATE approvekit.approvekit_requests SET boot_deadline = $1 WHERE request_id = $2",
                             boot_deadline, id);
}

template <typename... Values>
std::vector<std::string> BindingsTable::ids(const std::string& where, const char* order, Locked locked,
                                            const Values&... values) {
    const std::string sql = "SELECT o.request_id FROM approvekit.approvekit_requests o WHERE " + where + " ORDER BY " +
                            order + (locked == Locked::left_out ? " LIMIT 1000" : "");
    if (!access_.locks) return read_texts(access_.connection.rows(Statement(sql, values...)));
    // A condition on other tables is checked before the row is locked, so everything is checked again after that.
    const std::string lock = sql + " FOR UPDATE OF o" + (locked == Locked::left_out ? " SKIP LOCKED" : "");
    std::vector<Statement> statements{Statement(lock, values...), Statement(sql, values...)};
    std::vector<Rows> both = access_.connection.rows_of(std::move(statements));
    const std::vector<std::string> had = read_texts(std::move(both[0]));
    const std::set<std::string_view> known(had.begin(), had.end());
    std::vector<std::string> still = read_texts(std::move(both[1]));
    std::erase_if(still, [&](const std::string& id) { return !known.contains(id); });
    return still;
}

std::vector<std::string> BindingsTable::due(const record::Moment& moment) {
    const std::string waiting(waits);
    std::vector<std::string> all =
        ids(waiting + " AND o.deadline <= $1 AND NOT " + has_decision, "o.deadline", Locked::left_out, moment.text);
    const std::int64_t since_boot = moment.since_boot.count();
    for (std::string& id : ids(waiting + " AND o.boot_id = $1 AND o.boot_deadline <= $2", "o.boot_deadline",
                               Locked::left_out, moment.boot_id, since_boot)) {
        if (std::find(all.begin(), all.end(), id) == all.end()) all.push_back(std::move(id));
    }
    return all;
}

std::vector<std::string> BindingsTable::decided_before(const record::Moment& moment) {
    return ids(std::string(waits) + " AND o.deadline <= $1 AND " + has_decision, "o.deadline", Locked::left_out,
               moment.text);
}

std::vector<std::string> BindingsTable::open_of(std::int64_t session) {
    return ids("o.is_open AND o.session = $1", "o.request_id", Locked::waited_for, session);
}

std::vector<std::string> BindingsTable::left_in_other_boots(const std::string& boot_id) {
    return ids(std::string(waits) + " AND o.session = 0 AND o.boot_id <> $1", "o.request_id", Locked::left_out,
               boot_id);
}

std::optional<SubmittedView> BindingsTable::submitted(std::string_view id) {
    Rows rows = access_.connection.rows(
        "SELECT tool_name, tool_args, created_at, metadata FROM approvekit.approvekit_requests WHERE request_id = $1",
        id);
    return record::read_first(std::move(rows), [](const Rows& row) { return record::read_view(row); });
}

std::optional<record::StoredRun> BindingsTable::run_of(std::string_view id) {
    lock_request(access_, id);
    Rows rows = access_.connection.rows(
        "SELECT is_open, run, coalesce(started_at, ''), EXISTS (SELECT 1 FROM approvekit.approval_requests r WHERE "
        "r.id = o.request_id), session FROM approvekit.approvekit_requests o WHERE request_id = $1",
        id);
    return record::read_first(std::move(rows), record::read_run<Rows>);
}

std::vector<std::string> BindingsTable::orphans() {
    return read_texts(access_.connection.rows(
        "SELECT request_id FROM approvekit.approvekit_requests o WHERE NOT is_open AND NOT EXISTS (SELECT 1 FROM "
        "approvekit.approval_requests r WHERE r.id = o.request_id)"));
}

}  // namespace approvekit::postgres
