#pragma once

#include <libpq-fe.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace approvekit::bench {

/// libpq without our library, in pipeline mode, so that a transaction costs one round trip. Not thread-safe. Throws
/// std::runtime_error with the server's message.
class BareServerConnection {
public:
    explicit BareServerConnection(const std::string& address);

    void prepare(const char* name, const char* sql);
    /// Sends a prepared statement with its values as texts.
    void send(const char* name, const std::vector<const char*>& values = {});
    /// Waits until everything that was sent is done.
    void finish();

private:
    struct Close {
        void operator()(PGconn* connection) const noexcept { PQfinish(connection); }
    };
    [[noreturn]] void fail() const;

    std::unique_ptr<PGconn, Close> connection_;
    int sent_ = 0;
};

/// What auto-approved calls on a server are compared with: the same three rows for each (the decision, its link in the
/// chain, and the link with the outcome of the previous call) in one transaction of prepared statements and one round
/// trip, in a database with the same tables and indexes. Nothing is computed, read or locked.
class BareServerCalls {
public:
    /// Number `writer` of `writers` that write into the same database, so that no two use the same place.
    explicit BareServerCalls(const std::string& address, std::int64_t writer = 0, std::int64_t writers = 1);

    /// Writes the rows of that many calls, in one transaction.
    void write(int calls = 1);

private:
    void send_call();

    BareServerConnection connection_;
    std::int64_t sequence_;
    std::int64_t stride_;
    std::string arguments_;
    std::string metadata_;
};

}  // namespace approvekit::bench
