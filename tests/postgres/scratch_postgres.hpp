#pragma once

#include "postgres/connection.hpp"

#include <string>
#include <utility>

#include <sys/types.h>

namespace approvekit::testing {

/// A database with an empty record, removed at the end.
class ScratchPostgres {
public:
    /// On the server of these tests, with the default number of lanes.
    explicit ScratchPostgres(int lanes = 8);
    /// On the server that `server` connects to, as a user who may create databases.
    ScratchPostgres(const std::string& server, int lanes);
    ~ScratchPostgres();
    ScratchPostgres(const ScratchPostgres&) = delete;
    ScratchPostgres& operator=(const ScratchPostgres&) = delete;

    /// What storages connect to: through the pooler that the file named by APPROVEKIT_TEST_POOLER describes, if there
    /// is one.
    [[nodiscard]] const std::string& connection() const noexcept { return way_; }

    /// Runs SQL there as another program, over a separate connection.
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

    /// Waits until the lock of that process's session is held; returns at once if it has no session, or no lock behind
    /// a pooler. Returns whether it ever was held.
    [[nodiscard]] bool wait_for_lock(::pid_t process) const;
    /// Waits until that process is seen to be gone. Returns whether it ever was.
    [[nodiscard]] bool wait_for_departure(::pid_t process) const;

private:
    std::string server_;
    std::string name_;
    std::string connection_;
    std::string way_;
};

}  // namespace approvekit::testing
