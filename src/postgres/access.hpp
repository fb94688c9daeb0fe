#pragma once

#include "postgres/connection.hpp"

namespace approvekit::postgres {

/// How the tables of one transaction, or of one look, reach the server. A table that reads what it, or the state machine,
/// decides by takes a lock first when `locks` is set: under READ COMMITTED each statement sees what was committed before
/// it began, so what is read behind a lock is what the commit finds.
///
/// All take their locks in one order: the session, a key, a request, grants, limits, the end of the audit. Stops are shared
/// by whoever starts calls and held alone by who changes them, who then waits for the end of the audit only. Where two
/// transactions meet all the same, the server ends one of them, and it is run again.
struct Access {
    Connection& connection;
    bool locks = false;
};

}  // namespace approvekit::postgres
