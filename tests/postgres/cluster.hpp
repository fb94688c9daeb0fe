#pragma once

#include <string>

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

/// The same connection to another database of its server.
[[nodiscard]] std::string with_database(const std::string& connection, const std::string& database);

}  // namespace approvekit::testing
