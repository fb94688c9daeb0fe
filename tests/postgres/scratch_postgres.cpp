#include "postgres/scratch_postgres.hpp"

#include "approvekit/digest.hpp"
#include "approvekit/error.hpp"
#include "approvekit/postgres_storage.hpp"
#include "postgres/cluster.hpp"
#include "postgres/writers_table.hpp"
#include "support/eventually.hpp"

#include <cstdint>
#include <cstdlib>
#include <fstream>

namespace approvekit::testing {

namespace {

/// How to connect through the pooler of these tests; empty if there is none.
std::string way_through_pooler() {
    std::string connection;
    if (const char* const file = std::getenv("APPROVEKIT_TEST_POOLER")) {
        std::ifstream told(file);
        std::getline(told, connection);
    }
    return connection;
}

bool has_database(postgres::Connection& maker, const std::string& name) {
    return maker.rows("SELECT 1 FROM pg_database WHERE datname = $1", name).next();
}

/// A database with an empty record to copy, since creating its schema takes as long as everything else. It gets its
/// name only when it is complete.
std::string empty_record(postgres::Connection& maker, const std::string& server, int lanes) {
    std::string name = "empty_" + std::to_string(lanes);
    if (has_database(maker, name)) return name;
    maker.script("SELECT pg_advisory_lock(1)");
    if (!has_database(maker, name)) {
        const std::string draft = "draft_" + random_hex(8);
        maker.script("CREATE DATABASE " + draft);
        PostgresStorage::create(with_database(server, draft), lanes);
        maker.script("ALTER DATABASE " + draft + " RENAME TO " + name);
    }
    maker.script("SELECT pg_advisory_unlock(1)");
    return name;
}

}  // namespace

ScratchPostgres::ScratchPostgres(int lanes) : ScratchPostgres(Cluster::shared().connection_to("postgres"), lanes) {}

ScratchPostgres::ScratchPostgres(const std::string& server, int lanes)
    : server_(server), name_("test_" + random_hex(8)), connection_(with_database(server, name_)), way_(connection_) {
    const std::string pooler = way_through_pooler();
    // The pooler leads only to the shared server.
    if (!pooler.empty() && server == Cluster::shared().connection_to("postgres")) way_ = with_database(pooler, name_);
    postgres::Connection maker{postgres::Target(server_)};
    // Copying page by page, the default since PostgreSQL 15, takes ten times as long.
    maker.script("CREATE DATABASE " + name_ + " TEMPLATE " + empty_record(maker, server, lanes) +
                 " STRATEGY FILE_COPY");
}

ScratchPostgres::~ScratchPostgres() {
    try {
        postgres::Connection server{postgres::Target(server_)};
        server.script("DROP DATABASE IF EXISTS " + name_ + " WITH (FORCE)");
    } catch (const StorageError&) {
        // It disappears together with its server.
        return;
    }
}

bool ScratchPostgres::wait_for_lock(::pid_t process) const {
    if (way_ != connection_) return true;
    postgres::Connection other{postgres::Target(connection_)};
    return eventually([&] {
        postgres::Rows rows = other.rows(
            "SELECT NOT EXISTS (SELECT 1 FROM approvekit.approvekit_sessions s JOIN approvekit.approvekit_writers w ON "
            "w.session = s.number WHERE s.pid = $1 AND s.ended_at IS NULL AND w.locked_since IS NULL)",
            std::int64_t{process});
        return rows.next() && rows.flag(0);
    });
}

bool ScratchPostgres::wait_for_departure(::pid_t process) const {
    postgres::Connection other{postgres::Target(connection_)};
    postgres::Rows open = other.rows(
        "SELECT number FROM approvekit.approvekit_sessions WHERE pid = $1 AND ended_at IS NULL", std::int64_t{process});
    if (!open.next()) return true;
    const std::int64_t session = open.integer(0);
    return eventually([&] { return postgres::WritersTable::is_gone(other, session); });
}

}  // namespace approvekit::testing
