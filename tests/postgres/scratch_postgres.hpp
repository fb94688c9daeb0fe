#pragma once

#include "postgres/connection.hpp"

#include <string>
#include <utility>

#include <sys/types.h>

namespace approvekit::testing {

/// A database with an empty record, removed at the end.
class ScratchPostgres {
public:
    /// On the server of these tests.
    explicit ScratchPostgres(int lanes = 1);
    /// On the server that `server` connects to, in the name of somebody who may make databases.
    ScratchPostgres(const std::string& server, int lanes);
    ~ScratchPostgres();
    ScratchPostgres(const ScratchPostgres&) = delete;
    ScratchPostgres& operator=(const ScratchPostgres&) = delete;

    /// What storages connect to: through the pooler that the file named by APPROVEKIT_TEST_POOLER tells of, where one is.
    [[nodiscard]] const std::string& connection() const noexcept { return way_; }

    /// What another program does there, over a connection of its own.
    template <typename... Values>
    postgres::Rows run(const std::string& sql, const Values&... values) const {
        return run(postgres::Statement(sql, values...));
    }
    postgres::Rows run(postgres::Statement statement) const {
        postgres::Connection other{postgres::Target(connection_)};
        return other.rows(std::move(statement));
    }
    /// The same with several statements.
    void script(const std::string& sql) const {
        postgres::Connection other{postgres::Target(connection_)};
        other.script(sql);
    }

    /// Until the lock of the session of that process is held; at once where it has none, or none behind a pooler. Whether it ever was.
    [[nodiscard]] bool wait_for_lock(::pid_t process) const;
    /// Until that process is seen to be gone. Whether it ever was.
    [[nodiscard]] bool wait_for_departure(::pid_t process) const;

private:
    std::string server_;
    std::string name_;
    std::string connection_;
    std::string way_;
};

}  // namespace approvekit::testing
