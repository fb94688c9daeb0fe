#pragma once

#include "postgres/connection.hpp"

namespace approvekit::postgres {

/// How the tables of one transaction, or of one look, reach the server. A table that reads what it, or the state machine,
/// decides by takes a lock first when `locks` is set: under READ COMMITTED each statement sees what was committed before
/// it began, so what is read behind a lock is what the commit finds.
///
/// Every table takes its locks in one order: the session, stops, a key, a request, a limit, the end of the audit. Where
/// two transactions meet all the same, the server ends one of them, and it is run again.
struct Access {
    Connection& connection;
    bool locks = false;
};

}  // namespace approvekit::postgres
