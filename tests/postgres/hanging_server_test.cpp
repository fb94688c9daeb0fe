// A server whose processes hang while its kernel accepts connections, like a suspended one.
#include "approvekit/postgres_storage.hpp"
#include "postgres/connection.hpp"
#include "postgres/proxy.hpp"
#include "postgres/scratch_postgres.hpp"
#include "support/error_code_of.hpp"

#include <poll.h>

#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <utility>

using namespace approvekit;
using namespace std::chrono_literals;
using base::FileDescriptor;
using testing::ScratchPostgres;

namespace {

const Intent one_call{"read", "{}", "{}", "auto-approved by policy", "test"};

/// Forwards what comes, or holds it back. Accepts connections in both cases.
class HangingProxy {
public:
    HangingProxy()
        : proxy_([this](const std::stop_token& stop, FileDescriptor client, FileDescriptor server) {
              carry(stop, client.get(), server.get());
          }) {}

    [[nodiscard]] std::string through(const std::string& connection) {
        return proxy_.through(connection) + " connect_timeout=2";
    }
    void hang(bool hangs) { hangs_ = hangs; }

private:
    void carry(const std::stop_token& stop, int client, int server) const {
        while (!stop.stop_requested()) {
            std::array<pollfd, 2> ends{pollfd{client, POLLIN, 0}, pollfd{server, POLLIN, 0}};
            if (::poll(hangs_ ? nullptr : ends.data(), hangs_ ? 0 : ends.size(), 20) <= 0) continue;
            for (const auto& [from, to] : {std::pair{ends[0], server}, std::pair{ends[1], client}}) {
                if (from.revents == 0) continue;
                const std::string bytes = testing::received(from.fd);
                if (bytes.empty() || !testing::send_all(to, bytes)) return;
            }
        }
    }

    std::atomic<bool> hangs_ = false;
    testing::Proxy proxy_;
};

std::unique_ptr<PostgresStorage> impatient(const std::string& connection) {
    PostgresStorage::Options options;
    options.busy_timeout = 500ms;
    return std::make_unique<PostgresStorage>(connection, options);
}

}  // namespace

TEST_CASE("a call at a server that hangs ends, and the next one is recorded when the server goes on") {
    const ScratchPostgres database;
    HangingProxy server;
    const auto storage = impatient(server.through(database.connection()));
    static_cast<void>(storage->record_intent(one_call));
    server.hang(true);
    const auto began = std::chrono::steady_clock::now();
    CHECK(error_code_of([&] { static_cast<void>(storage->record_intent(one_call)); }) == ErrorCode::storage_io);
    CHECK(error_code_of([&] { static_cast<void>(storage->list({})); }) == ErrorCode::storage_io);
    CHECK(std::chrono::steady_clock::now() - began < 60s);
    server.hang(false);
    CHECK_FALSE(storage->record_intent(one_call).empty());
    CHECK(storage->verify_audit().intact());
}

TEST_CASE("a storage whose server hangs closes") {
    const ScratchPostgres database;
    HangingProxy server;
    auto storage = impatient(server.through(database.connection()));
    static_cast<void>(storage->record_intent(one_call));
    server.hang(true);
    const auto began = std::chrono::steady_clock::now();
    storage.reset();
    CHECK(std::chrono::steady_clock::now() - began < 60s);
}

TEST_CASE("a server that takes its time and lives is waited for, and so is one that is sent more than it takes in") {
    const ScratchPostgres database;
    postgres::Connection connection(postgres::Target(database.connection()), 50ms);
    CHECK(connection.rows("SELECT pg_sleep(1)").count() == 1);
    const std::string text(std::size_t{1} << 22, 'x');
    for (int statement = 0; statement < 8; ++statement)
        connection.queue("SELECT $1::text", text);
    CHECK(connection.rows("SELECT 1").count() == 1);
}
