#pragma once

#include "postgres/connection.hpp"
#include "support/child_process.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

namespace approvekit::bench {

/// A PostgreSQL server of this benchmark alone, whose commits are durable. Ends with this object.
class BenchServer {
public:
    /// `parent`: the folder in which it has its own. `settings`: more of them, a line each.
    explicit BenchServer(const std::filesystem::path& parent, const std::string& settings = "");
    ~BenchServer();
    BenchServer(const BenchServer&) = delete;
    BenchServer& operator=(const BenchServer&) = delete;

    /// Makes a database with an empty record, and returns its address. It goes with the server.
    [[nodiscard]] std::string new_record(const std::string& name, int lanes = 8) const;

    /// How to connect to it, for tests/postgres/pooler.
    [[nodiscard]] std::string connection() const;

private:
    testing::ChildProcess script_;
    std::string place_;  ///< host, port and user, as the parameters of an address
};

/// "host=/folder port=1 user=name dbname=x" as the parameters of an address: "?host=/folder&port=1&user=name".
[[nodiscard]] std::string as_parameters(const std::string& connection);

/// One connection to a record, without us.
[[nodiscard]] postgres::Connection connection_to(const std::string& address);

/// How many bytes the rows of the audit take there, with their indexes.
[[nodiscard]] std::int64_t size_of_audit(const std::string& address);

}  // namespace approvekit::bench
