#include "postgres/cluster.hpp"

#include "approvekit/digest.hpp"
#include "approvekit/error.hpp"
#include "approvekit/postgres_storage.hpp"
#include "postgres/writers_table.hpp"
#include "support/eventually.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace approvekit::testing {

namespace {

constexpr const char* script_path = APPROVEKIT_TESTS_DIRECTORY "/postgres/cluster";

std::array<int, 2> pipe_ends() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    return ends;
}

std::string line_from(int descriptor) {
    std::string line;
    char character = 0;
    while (::read(descriptor, &character, 1) == 1 && character != '\n')
        line += character;
    ::close(descriptor);
    return line;
}

}  // namespace

const Cluster& Cluster::shared() {
    static const Cluster cluster;
    return cluster;
}

Cluster::Cluster() {
    if (const char* const file = std::getenv("APPROVEKIT_TEST_CLUSTER")) {
        std::ifstream told(file);
        std::getline(told, connection_);
    }
    if (!connection_.empty()) return;
    const std::array<int, 2> input = pipe_ends();
    const std::array<int, 2> output = pipe_ends();
    if (::fork() == 0) {
        ::dup2(input[0], STDIN_FILENO);
        ::dup2(output[1], STDOUT_FILENO);
        ::execl(script_path, script_path, "attend", nullptr);
        ::_exit(127);
    }
    ::close(input[0]);
    ::close(output[1]);
    input_ = input[1];
    connection_ = line_from(output[0]);
    if (connection_.empty()) throw std::runtime_error("there is no PostgreSQL server for the tests");
}

std::string Cluster::connection_to(const std::string& database) const {
    return connection_.substr(0, connection_.rfind("dbname=")) + "dbname=" + database;
}

ScratchPostgres::ScratchPostgres(int lanes)
    : name_("test_" + random_hex(8)), connection_(Cluster::shared().connection_to(name_)) {
    postgres::Connection server{postgres::Target(Cluster::shared().connection_to("postgres"))};
    server.script("CREATE DATABASE " + name_);
    PostgresStorage::create(connection_, lanes);
}

ScratchPostgres::~ScratchPostgres() {
    try {
        postgres::Connection server{postgres::Target(Cluster::shared().connection_to("postgres"))};
        server.script("DROP DATABASE IF EXISTS " + name_ + " WITH (FORCE)");
    } catch (const StorageError&) {
        // It goes with its server.
        return;
    }
}

bool ScratchPostgres::wait_for_lock(::pid_t process) const {
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
