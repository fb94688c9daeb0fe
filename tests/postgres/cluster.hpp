#pragma once

#include <string>

namespace approvekit::testing {

/// The PostgreSQL server of these tests: the one that the file named by APPROVEKIT_TEST_CLUSTER describes, or one that
/// belongs to this process and ends with it.
class Cluster {
public:
    [[nodiscard]] static const Cluster& shared();

    /// How to connect to one of its databases as the user that may do everything.
    [[nodiscard]] std::string connection_to(const std::string& database) const;

private:
    Cluster();

    std::string connection_;
    int input_ = -1;  ///< of the script that runs the server, which ends when this is closed
};

/// The same connection, but to another database on its server.
[[nodiscard]] std::string with_database(const std::string& connection, const std::string& database);

}  // namespace approvekit::testing
