#pragma once

#include "test_record.hpp"

#include <chrono>
#include <functional>
#include <string>

namespace approvekit::testing {

/// How the records of a test on a server are made.
struct ServerRecords {
    std::string server;  ///< how to connect to it, as somebody who may make databases
    int lanes = 8;
    /// Storages wait at least that long for the server: longer than it takes to come back.
    std::chrono::milliseconds patience{5000};
    /// What storages connect to instead of the database itself; nothing: the database.
    std::function<std::string(const std::string& connection)> way = {};
};

/// From now on, in the whole process, each record is a database of its own on that server.
void make_records_on(const ServerRecords& records);

/// Ends one connection to the database of a record, in the middle of whatever it does. Returns whether there was one.
/// `record` is one of those of make_records_on().
bool end_a_connection(const TestRecord& record, unsigned which);

}  // namespace approvekit::testing
