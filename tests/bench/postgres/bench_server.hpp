#pragma once

#include "postgres/connection.hpp"
#include "support/child_process.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

namespace approvekit::bench {

/// A PostgreSQL server for this benchmark only, with durable commits. Ends with this object.
class BenchServer {
public:
    /// `parent` is the folder in which its own folder is created. `settings` are more settings, one per line.
    explicit BenchServer(const std::filesystem::path& parent, const std::string& settings = "");
    ~BenchServer();
    BenchServer(const BenchServer&) = delete;
    BenchServer& operator=(const BenchServer&) = delete;

    /// Creates a database with an empty record, and returns its address. It is removed with the server.
    [[nodiscard]] std::string new_record(const std::string& name, int lanes = 8) const;

    /// How to connect to it, for tests/postgres/pooler.
    [[nodiscard]] std::string connection() const;

private:
    testing::ChildProcess script_;
    std::string place_;  ///< host, port and user, as the parameters of an address
};

/// "host=/folder port=1 user=name dbname=x" as the parameters of an address: "?host=/folder&port=1&user=name".
[[nodiscard]] std::string as_parameters(const std::string& connection);

/// One connection to a record, without our library.
[[nodiscard]] postgres::Connection connection_to(const std::string& address);

/// How many bytes the audit's rows take there, including their indexes.
[[nodiscard]] std::int64_t size_of_audit(const std::string& address);

}  // namespace approvekit::bench
