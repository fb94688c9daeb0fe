#pragma once

#include "test_record.hpp"

#include <chrono>
#include <functional>
#include <string>

namespace approvekit::testing {

/// How the records of a test on a server are created.
struct ServerRecords {
    std::string server;  ///< how to connect to it, as a user who may create databases
    int lanes = 8;
    /// Storages wait at least this long for the server; it must be longer than the server needs to come back.
    std::chrono::milliseconds patience{5000};
    /// Returns what storages connect to instead of the database itself; without it, they connect to the database.
    std::function<std::string(const std::string& connection)> way = {};
};

/// From now on, in the whole process, each record is a separate database on that server.
void make_records_on(const ServerRecords& records);

/// Ends one connection to the database of a record, in the middle of whatever it does. Returns whether there was one.
/// `record` must come from make_records_on().
bool end_a_connection(const TestRecord& record, unsigned which);

}  // namespace approvekit::testing
