#include "bare_held_calls.hpp"

#include "sample_call.hpp"

namespace approvekit::bench {
namespace {

constexpr std::string_view now = "2026-01-02T03:04:05.678901";
constexpr std::string_view agent_name = "approvekit-bench (process 4105)";
constexpr std::string_view boot_id = "b28bd70f-2403-4e09-954f-67b0b292d2bf";
constexpr std::string_view digest = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
constexpr std::string_view run_metadata = R"({"started_at":"2026-01-02T03:04:05.678901"})";
constexpr std::string_view half_digest = digest.substr(0, 32);

std::string request_id(std::int64_t call) {
    return unique_id(3 * call);
}
std::string approval_id(std::int64_t call) {
    return unique_id(3 * call + 1);
}
std::string outcome_id(std::int64_t call) {
    return unique_id(3 * call + 2);
}

}  // namespace

BareHeldCalls::BareHeldCalls(const std::filesystem::path& path, Durability durability)
    : database_(BareDatabase::counterpart(path, durability)),
      begin_(database_.prepare("BEGIN IMMEDIATE")),
      commit_(database_.prepare("COMMIT")),
      link_(database_.prepare("INSERT INTO approvekit_audit(seq, request_id, entry_id, event, reviewer, way, follows, "
                              "hash, view, tool_name, tool_args, timestamp, metadata, is_signed, session) VALUES (?, "
                              "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 1)")),
      change_(database_.prepare("INSERT INTO approvekit_changes(request_id, status) VALUES (?, ?)")),
      trim_(database_.prepare("DELETE FROM approvekit_changes WHERE seq <= last_insert_rowid() - 10000")),
      request_(
          database_.prepare("INSERT INTO approval_requests(id, tool_name, tool_args, status, created_at, metadata) "
                            "VALUES (?, ?, ?, 'pending', ?, ?)")),
      hold_(database_.prepare("INSERT INTO approvekit_requests(request_id, agent, nonce, action_digest, view_digest, "
                              "policy_digest, deadline, boot_id, tool_name, tool_args, created_at, metadata, session, "
                              "redactions, boot_deadline, is_open) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, "
                              "'[]', 28602944674, 1)")),
      entry_(database_.prepare("INSERT INTO audit_log(id, request_id, tool_name, tool_args, timestamp, metadata, "
                               "decision, reviewer_notes) VALUES (?, ?, ?, ?, ?, ?, 'approved', '')")),
      decision_(database_.prepare("INSERT INTO approvekit_decisions(request_id, verdict, reviewer, way, notes, "
                                  "decided_at, view_digest, entry_id) VALUES (?, 'approve', 'ana', 'library', '', ?, "
                                  "'', ?)")),
      settle_(database_.prepare("UPDATE approval_requests SET status = 'approved', reviewed_at = ?, reviewer_notes = "
                                "'' WHERE id = ?")),
      claim_(database_.prepare("UPDATE approvekit_requests SET run = 'running', started_at = ? WHERE request_id = ?")),
      finish_(database_.prepare("UPDATE approvekit_requests SET is_open = 0, run = 'executed', run_note = '', "
                                "finished_at = ? WHERE request_id = ?")),
      arguments_(canonical_json(sample_arguments())),
      metadata_(*holding_policy().evaluate(tool_name).metadata) {}

void BareHeldCalls::write_one() {
    ++calls_;
    submit();
    decide();
    claim();
}

void BareHeldCalls::submit() {
    const std::string id = request_id(calls_);
    database_.step(begin_);
    if (calls_ > 1) end_previous();
    step(request_, {id, tool_name, arguments_, now, metadata_});
    step(hold_,
         {id, agent_name, half_digest, digest, digest, digest, now, boot_id, tool_name, arguments_, now, metadata_});
    change(id, "pending");
    database_.step(commit_);
}

void BareHeldCalls::decide() {
    const std::string id = request_id(calls_);
    const std::string entry = approval_id(calls_);
    database_.step(begin_);
    step(entry_, {entry, id, tool_name, arguments_, now, metadata_});
    step(link_, {std::to_string(++links_), id, entry, "approved", "ana", "library", "", half_digest, digest});
    step(decision_, {id, now, entry});
    step(settle_, {now, id});
    change(id, "approved");
    database_.step(commit_);
}

void BareHeldCalls::claim() {
    database_.step(begin_);
    step(claim_, {now, request_id(calls_)});
    database_.step(commit_);
}

void BareHeldCalls::end_previous() {
    const std::string id = request_id(calls_ - 1);
    step(link_, {std::to_string(++links_), id, outcome_id(calls_ - 1), "executed", "", "agent", approval_id(calls_ - 1),
                 half_digest, "", tool_name, "{}", now, run_metadata});
    step(finish_, {now, id});
    change(id, "approved");
}

void BareHeldCalls::change(const std::string& request, std::string_view status) {
    step(change_, {request, status});
    database_.step(trim_);
}

/// Parameters without a text in `texts` are NULL.
void BareHeldCalls::step(const Statement& statement, std::initializer_list<std::string_view> texts) {
    int index = 0;
    for (const std::string_view text : texts) {
        sqlite3_bind_text(statement.get(), ++index, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
    }
    while (index < sqlite3_bind_parameter_count(statement.get()))
        sqlite3_bind_null(statement.get(), ++index);
    database_.step(statement);
}

}  // namespace approvekit::bench
