#pragma once

#include "postgres/connection.hpp"

#include <string>

#include <sys/types.h>

namespace approvekit::testing {

/// The PostgreSQL server of these tests: the one that the file named by APPROVEKIT_TEST_CLUSTER tells of, or one of this
/// process's own, which ends with it.
class Cluster {
public:
    [[nodiscard]] static const Cluster& shared();

    /// How to connect to one of its databases as the user that may do everything.
    [[nodiscard]] std::string connection_to(const std::string& database) const;

private:
    Cluster();

    std::string connection_;
    int input_ = -1;  ///< of the script that attends to the server; it ends with it
};

/// A database with an empty record, removed at the end.
class ScratchPostgres {
public:
    explicit ScratchPostgres(int lanes = 1);
    ~ScratchPostgres();
    ScratchPostgres(const ScratchPostgres&) = delete;
    ScratchPostgres& operator=(const ScratchPostgres&) = delete;

    [[nodiscard]] const std::string& connection() const noexcept { return connection_; }

    /// What another program does there, over a connection of its own.
    template <typename... Values>
    postgres::Rows run(const std::string& sql, const Values&... values) const {
        postgres::Connection other{postgres::Target(connection_)};
        return other.rows(postgres::Statement(sql, values...));
    }
    /// The same with several statements.
    void script(const std::string& sql) const {
        postgres::Connection other{postgres::Target(connection_)};
        other.script(sql);
    }

    /// Until the lock of the session of that process is held; at once where it has none. Whether it ever was.
    [[nodiscard]] bool wait_for_lock(::pid_t process) const;
    /// Until that process is seen to be gone. Whether it ever was.
    [[nodiscard]] bool wait_for_departure(::pid_t process) const;

private:
    std::string name_;
    std::string connection_;
};

}  // namespace approvekit::testing
