#include "property.hpp"

#include "support/held_request.hpp"
#include "support/manual_clock.hpp"
#include "support/other_program.hpp"
#include "support/temporary_directory.hpp"

#include "agent/decision_verifier.hpp"
#include "approvekit/error.hpp"
#include "approvekit/policy.hpp"
#include "approvekit/sqlite_storage.hpp"
#include "record/stop_control.hpp"
#include "record/sweep.hpp"
#include "record/transitions.hpp"
#include "sqlite/connection.hpp"
#include "sqlite/engine.hpp"
#include "sqlite/tables.hpp"

#include <SQLiteCpp/Statement.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

namespace approvekit::fuzz {
namespace {

using namespace sqlite;

/// What an input can write into. An input is a list of fields that end with \x1e. In each field, the first letter is
/// the column ('a' is the first one), the second is the type (text, blob, integer, null; a capital letter means only
/// the table's first row), and the rest is the value.
struct Column {
    const char* table;
    const char* name;
};

constexpr std::array columns{
    Column{"approval_requests", "tool_name"},
    Column{"approval_requests", "tool_args"},
    Column{"approval_requests", "status"},
    Column{"approval_requests", "created_at"},
    Column{"approval_requests", "reviewed_at"},
    Column{"approval_requests", "reviewer_notes"},
    Column{"approval_requests", "metadata"},
    Column{"approval_requests", "id"},
    Column{"approvekit_requests", "session"},
    Column{"approvekit_requests", "agent"},
    Column{"approvekit_requests", "nonce"},
    Column{"approvekit_requests", "view_digest"},
    Column{"approvekit_requests", "redactions"},
    Column{"approvekit_requests", "deadline"},
    Column{"approvekit_requests", "run"},
    Column{"approvekit_requests", "boot_deadline"},
    Column{"approvekit_requests", "is_open"},
    Column{"approvekit_decisions", "verdict"},
    Column{"approvekit_decisions", "reviewer"},
    Column{"approvekit_decisions", "way"},
    Column{"approvekit_decisions", "entry_id"},
    Column{"approvekit_decisions", "statement"},
    Column{"approvekit_decisions", "signature"},
    Column{"approvekit_audit", "seq"},
    Column{"approvekit_audit", "entry_id"},
    Column{"approvekit_audit", "event"},
    Column{"approvekit_audit", "tool_args"},
    Column{"approvekit_audit", "metadata"},
    Column{"approvekit_audit", "tool_name"},
    Column{"approvekit_audit", "notes"},
    Column{"approvekit_audit", "follows"},
    Column{"approvekit_audit", "session"},
    Column{"approvekit_audit", "hash"},
    Column{"audit_log", "tool_name"},
    Column{"audit_log", "tool_args"},
    Column{"audit_log", "decision"},
    Column{"audit_log", "timestamp"},
    Column{"audit_log", "reviewer_notes"},
    Column{"audit_log", "metadata"},
    Column{"audit_log", "request_id"},
    Column{"approvekit_sessions", "pid"},
    Column{"approvekit_sessions", "boot_id"},
    Column{"approvekit_sessions", "first_entry"},
    Column{"approvekit_stops", "stop_id"},
    Column{"approvekit_stops", "tool"},
    Column{"approvekit_stops", "agent"},
    Column{"approvekit_stops", "reason"},
    Column{"approvekit_stops", "reviewer"},
    Column{"approvekit_stops", "way"},
    Column{"approvekit_stops", "since"},
    Column{"approvekit_stops", "ended_at"},
    Column{"approvekit_stops", "ended_by"},
    Column{"approvekit_stops", "ended_way"},
};

/// One database for all inputs; each works in a transaction that is rolled back.
class Workbench {
public:
    Workbench() : connection_(made(path_), {}), tables_(connection_.database()) {
        // Nothing is ever committed, so nothing needs to outlive the process.
        connection_.database().exec("PRAGMA journal_mode = MEMORY");
    }

    Connection& connection() noexcept { return connection_; }
    Tables& tables() noexcept { return tables_; }
    /// Runs `work` as in a separate transaction, without committing anything.
    template <typename Work>
    auto write(Work work) {
        WriteTransaction transaction(path_, tables_, self_, clock_, nobody_);
        record::KnownStops stops;
        record::KnownGrants grants;
        record::UnitOfWork unit(transaction, 1, stops, grants);
        return work(unit);
    }
    auto transition(const std::function<void(record::Transitions&)>& step) {
        write([&](record::UnitOfWork& unit) {
            record::Transitions transitions(unit);
            step(transitions);
        });
    }
    [[nodiscard]] const testing::ManualClock& clock() const noexcept { return clock_; }

    /// Every meaningful value in the two tables of the audit, as text, one row per line.
    std::string audit_text() {
        return table_text("SELECT * FROM audit_log ORDER BY rowid") +
               table_text(
                   "SELECT seq, entry_id, request_id, event, reviewer, way, follows, session, hash FROM "
                   "approvekit_audit ORDER BY seq") +
               table_text(
                   "SELECT tool_name, coalesce(tool_args, '{}'), timestamp, notes, coalesce(metadata, '{}') FROM "
                   "approvekit_audit WHERE entry_id NOT IN (SELECT id FROM audit_log) ORDER BY seq");
    }

    void write(const Column& column, char type, const std::string& value) {
        const std::string table = column.table;
        std::string sql = "UPDATE " + table + " SET " + column.name + " = ?";
        const bool has_one_row = table == "approvekit_requests";
        if (type < 'a' && !has_one_row) sql += " WHERE rowid = (SELECT min(rowid) FROM " + table + ")";
        SQLite::Statement update(connection_.database(), sql);
        switch (type | 0x20) {
            case 't':
                update.bind(1, value);
                break;
            case 'b':
                update.bind(1, value.data(), static_cast<int>(value.size()));
                break;
            case 'i':
                update.bind(1, number(value));
                break;
            default:
                break;
        }
        try {
            update.exec();
        } catch (const SQLite::Exception&) {
            // SQLite itself refuses that value.
        }
    }

    /// The same for the stops.
    std::string stops_text() { return table_text("SELECT * FROM approvekit_stops ORDER BY number"); }

private:
    static const std::filesystem::path& made(const std::filesystem::path& path) {
        const SqliteStorage storage(path, shared_with_others());
        return storage.path() == path ? path : throw Violation("the path of the workbench is not canonical");
    }

    static std::int64_t number(const std::string& text) {
        std::uint64_t value = 0;
        for (const char byte : text.substr(0, 8))
            value = value << 8 | static_cast<unsigned char>(byte);
        return static_cast<std::int64_t>(value);
    }

    std::string table_text(const char* sql) {
        SQLite::Statement rows(connection_.database(), sql);
        std::string text;
        while (rows.executeStep()) {
            for (int column = 0; column < rows.getColumnCount(); ++column) {
                const std::string value = rows.getColumn(column).getString();
                text += std::to_string(value.size()) + ':' + value + (rows.isColumnNull(column) ? "-" : "+");
            }
            text += '\n';
        }
        return text;
    }

    TemporaryDirectory directory_;
    std::filesystem::path path_ = std::filesystem::canonical(directory_.path()) / "approve.db";
    testing::ManualClock clock_;
    Connection connection_;
    Tables tables_;
    AgentIdentity self_{"boot", "", 1, 1};
    std::function<void()> nobody_ = [] {};
};

Decision approval(const ApprovalRequest& request) {
    Decision decision = decision_on(request, Verdict::approve);
    decision.view_digest = request.view_digest;
    return decision;
}

/// Adds a stop that is in force and one that was lifted, for tools that nobody calls.
void add_stops(Workbench& bench) {
    const record::Author ann{"ann", "terminal"};
    bench.write([&](record::UnitOfWork& unit) {
        record::StopControl stops(unit);
        stops.stop({.reason = "wrong recipients", .tool = "mail.*"}, ann);
        return stops.resume(stops.stop({.reason = "a test", .agent = "nobody"}, ann).id, ann);
    });
}

/// Adds an approved request, a refused call and an allowed one, all still untouched.
ApprovalRequest prepare(Workbench& bench) {
    const ApprovalRequest request = held_request(bench.clock());
    bench.tables().sessions.insert({1, {"boot", "", 1, 1}, 0}, "2026-01-01T00:00:00.000000");
    bench.transition([&](record::Transitions& transitions) {
        transitions.submit(request);
        transitions.decide(approval(request));
        transitions.deny({"rm", "{}", "{}", "denied by policy"});
        transitions.allow({"ls", "{}", "{}", "auto-approved by policy"});
    });
    add_stops(bench);
    return request;
}

void tamper(Workbench& bench, std::string_view bytes) {
    while (bytes.size() >= 2) {
        const std::string_view field = bytes.substr(0, bytes.find('\x1e'));
        const auto index = static_cast<std::size_t>(static_cast<unsigned char>(field.empty() ? 0 : field[0]) - 'a');
        if (field.size() >= 2 && index < columns.size()) {
            bench.write(columns[index], field[1], std::string(field.substr(2)));
        }
        bytes.remove_prefix(std::min(bytes.size(), field.size() + 1));
    }
}

/// Runs `work`, which may refuse only with our own errors.
void refusing(const std::function<void()>& work) {
    try {
        work();
    } catch (const Error&) {
    } catch (const SQLite::Exception&) {
    }
}

void show(Workbench& bench, const std::string& id) {
    Tables& tables = bench.tables();
    for (const auto& status : {std::optional(ApprovalStatus::pending), std::optional<ApprovalStatus>()}) {
        for (const ApprovalRequest& request : tables.requests.list({status, 10, ""}, {}, {}).requests) {
            static_cast<void>(to_json_view(request).dump(-1, ' ', false, Json::error_handler_t::replace));
        }
    }
    for (const bool oldest_first : {false, true}) {
        AuditQuery query;
        query.oldest_first = oldest_first;
        for (const AuditEntry& entry : tables.audit.list(query).entries) {
            static_cast<void>(to_json_view(entry).dump(-1, ' ', false, Json::error_handler_t::replace));
        }
    }
    static_cast<void>(tables.requests.find_ids(id.substr(0, 8), 2));
    static_cast<void>(tables.decisions.find(id));
    static_cast<void>(tables.audit.open_intents(1));
    for (const Stop& stop : tables.stops.list(StopList::all)) {
        static_cast<void>(to_json_view(stop).dump(-1, ' ', false, Json::error_handler_t::replace));
    }
}

/// Requires the signature of a reviewer who has signed nothing.
DecisionCheck want_signature(const ApprovalRequest& submitted, Time now) {
    static const std::vector<TrustedReviewer> reviewers{{"ana", "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="}};
    return [&submitted, now](const Decision& decision) {
        return detail::DecisionVerifier(reviewers).objection(submitted, decision, now);
    };
}

/// What is claimed must be what was submitted, and must be clearly approved.
void claim(Workbench& bench, const ApprovalRequest& submitted, bool wants_signature) {
    const auto stored = bench.tables().requests.find(submitted.id);
    Claim wanted{submitted.id, submitted.view_digest, {}};
    if (wants_signature) wanted.verify = want_signature(submitted, bench.clock().now());
    record::Result<record::Start> result;
    bench.transition([&](record::Transitions& transitions) { result = transitions.claim(wanted); });
    if (result.refusal) return;
    require(!wants_signature, "where signatures are due, nothing is started that nobody signed");
    require(stored && stored->status_text == "approved", "only what is plainly approved is started");
    require(stored->request.tool_name == submitted.tool_name && stored->request.tool_args == submitted.tool_args &&
                stored->request.metadata == submitted.metadata && stored->request.deadline == submitted.deadline,
            "what is started is what was submitted");
}

AuditReport verify(Workbench& bench) {
    record::AuditChain chain;
    std::int64_t from = std::numeric_limits<std::int64_t>::min();
    const auto look = [&](const record::Entries::Placed& entry) {
        return entry.hash.empty() ? chain.pass_foreign(entry.sequence, entry.record.entry_id, entry.fault)
                                  : chain.follow(entry.sequence, entry.record, entry.hash, entry.fault);
    };
    while (bench.tables().audit.each_of_stretch(from, look)) {
    }
    AuditReport report = chain.report();
    report.foreign_entries += bench.tables().audit.strangers();
    return report;
}

/// Whether each stop agrees with its entries.
bool are_stops_intact(Workbench& bench) {
    Tables& tables = bench.tables();
    bool are_intact = true;
    const auto look = [&](const record::StoredStop& stored, const std::string& misfit) {
        are_intact = are_intact && misfit.empty() && record::misfit_of_stop(stored, tables.audit).empty();
        return are_intact;
    };
    std::int64_t from = std::numeric_limits<std::int64_t>::min();
    while (are_intact && tables.stops.each_of_stretch(from, look)) {
    }
    return are_intact;
}

}  // namespace

const std::size_t row_columns = columns.size();

void rows(std::string_view bytes) {
    static Workbench bench;
    const Transaction rolled_back(bench.connection());
    const ApprovalRequest submitted = prepare(bench);
    const AuditReport before = verify(bench);
    const std::string audit = bench.audit_text();
    const std::string stops = bench.stops_text();
    require(are_stops_intact(bench), "a stop that nobody has touched is as its entries tell");
    tamper(bench, bytes);
    refusing([&] {
        const AuditReport after = verify(bench);
        const bool noticed =
            !after.intact() || after.entries != before.entries || after.foreign_entries != before.foreign_entries;
        require(noticed || bench.audit_text() == audit, "a changed audit is noticed");
        require(noticed || bench.stops_text() == stops || !are_stops_intact(bench), "a changed stop is noticed");
    });
    refusing([&] { show(bench, submitted.id); });
    refusing([&] { bench.transition([&](auto& transitions) { transitions.decide(approval(submitted)); }); });
    refusing([&] { claim(bench, submitted, bytes.size() % 2 == 1); });
    refusing([&] {
        bench.transition(
            [&](auto& transitions) { transitions.end(submitted.id, ApprovalStatus::cancelled, "enough"); });
    });
    refusing([&] { bench.write([](record::UnitOfWork& unit) { return record::Sweep(unit).run({1}); }); });
}

}  // namespace approvekit::fuzz
