#include "server_record.hpp"

#include "approvekit/postgres_storage.hpp"
#include "postgres/connection.hpp"
#include "postgres/scratch_postgres.hpp"
#include "support/eventually.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <memory>
#include <stdexcept>
#include <utility>

#include <unistd.h>

namespace approvekit::testing {
namespace {

/// Lets the server tell which connections belong to which process.
const std::string name_of_process = "approvekit-test-";

/// Whether the process of that connection is gone. A killed process is reaped before this is called.
bool is_of_the_dead(const std::string& application) {
    if (!application.starts_with(name_of_process)) return false;
    const auto process = static_cast<::pid_t>(std::stol(application.substr(name_of_process.size())));
    return ::kill(process, 0) != 0 && errno == ESRCH;
}

class ServerRecord final : public TestRecord {
public:
    explicit ServerRecord(const ServerRecords& how) : how_(how), database_(how.server, how.lanes) {}

    [[nodiscard]] std::shared_ptr<Storage> open(const Opening& opening) const override {
        PostgresStorage::Options options;
        options.busy_timeout = std::max(opening.busy_timeout, how_.patience);
        options.clock = opening.clock;
        const std::string& connection = database_.connection();
        return std::make_shared<PostgresStorage>((how_.way ? how_.way(connection) : connection) + " application_name=" +
                                                     name_of_process + std::to_string(::getpid()),
                                                 options);
    }

    [[nodiscard]] bool is_there() const override { return true; }
    [[nodiscard]] bool has_times_in_order() const override { return false; }
    [[nodiscard]] std::chrono::microseconds turn() const override { return std::chrono::milliseconds{10}; }

    void wait_out_the_killed(Agents agents) const override {
        postgres::Connection server{postgres::Target(database_.connection())};
        if (!eventually([&] { return !is_any_left(server, agents); })) {
            throw std::runtime_error("the server does not notice that a process is gone");
        }
        // As if enough time had passed without a heartbeat.
        if (agents == Agents::all_gone) server.script("DELETE FROM approvekit.approvekit_writers");
    }

    [[nodiscard]] std::vector<std::vector<RecordRow>> read(const std::vector<std::string>& statements) const override {
        postgres::Connection server{postgres::Target(database_.connection())};
        server.script("SET search_path = approvekit, pg_catalog");
        server.script("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
        std::vector<std::vector<RecordRow>> all;
        for (const std::string& sql : statements)
            all.push_back(texts_of(server.rows(postgres::Statement(sql))));
        return all;
    }

    [[nodiscard]] std::string damage() const override { return {}; }

    bool end_a_connection(unsigned which) const {
        postgres::Connection server{postgres::Target(database_.connection())};
        postgres::Rows clients = server.rows(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND "
            "backend_type = 'client backend'");
        if (clients.count() == 0) return false;
        for (unsigned row = 0; row <= which % static_cast<unsigned>(clients.count()); ++row)
            clients.next();
        server.rows("SELECT pg_terminate_backend($1::integer)", clients.integer(0));
        return true;
    }

private:
    /// If nobody is at work any more, no connection at all may be left.
    static bool is_any_left(postgres::Connection& server, Agents agents) {
        postgres::Rows clients = server.rows(
            "SELECT application_name FROM pg_stat_activity WHERE datname = current_database() AND pid <> "
            "pg_backend_pid()");
        while (clients.next()) {
            const std::string name = clients.text(0);
            if (agents == Agents::all_gone ? name.starts_with(name_of_process) : is_of_the_dead(name)) return true;
        }
        return false;
    }

    static std::vector<RecordRow> texts_of(postgres::Rows rows) {
        std::vector<RecordRow> texts;
        while (rows.next()) {
            RecordRow& row = texts.emplace_back();
            for (int column = 0; column < rows.columns(); ++column)
                row.push_back(rows.text(column));
        }
        return texts;
    }

    ServerRecords how_;
    ScratchPostgres database_;
};

}  // namespace

void make_records_on(const ServerRecords& records) {
    set_record_maker([records](const std::filesystem::path&) { return std::make_shared<const ServerRecord>(records); });
}

bool end_a_connection(const TestRecord& record, unsigned which) {
    return dynamic_cast<const ServerRecord&>(record).end_a_connection(which);
}

}  // namespace approvekit::testing
