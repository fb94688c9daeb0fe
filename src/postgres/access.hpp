#pragma once

#include "postgres/connection.hpp"

#include <chrono>

namespace approvekit::postgres {

/// How long to wait for a busy lane, if the audit has several. After that the transaction is tried again.
struct LaneWaits {
    std::chrono::milliseconds any{250};  ///< for one of them: its writer may hang while others become free
    std::chrono::milliseconds each{50};  ///< for each of all of them, while everybody else waits
};

/// How the tables of one transaction, or of one look, reach the server. If `locks` is set, a table takes a lock before
/// it reads something that it or the state machine bases a decision on. Under READ COMMITTED each statement sees what
/// was committed before it began, so what is read after taking the lock still holds at the commit.
///
/// All take their locks in one order: the session, a key, a request, grants, limits, the end of the audit. Those who
/// start calls share the stops. Those who change the stops hold them alone, and after that wait only for the end of the
/// audit. If two transactions conflict nevertheless, the server ends one of them, and it is run again.
struct Access {
    Connection& connection;
    bool locks = false;
    LaneWaits waits = {};
};

}  // namespace approvekit::postgres
