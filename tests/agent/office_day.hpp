#pragma once

#include "approvekit/clock.hpp"
#include "approvekit/json.hpp"

#include <string>
#include <vector>

namespace approvekit::testing {

/// A call that an agent makes on a working day in an office.
struct OfficeCall {
    Time at{};
    std::string tool;
    Json arguments;
    bool is_risky = false;  ///< nobody would want it to run unseen
};

/// A thousand calls from 8 to 18 o'clock, in order: mails, files, a shell, SQL and payments, nearly all of them what an
/// agent does all day. Some would do harm, and twice the agent goes round in a circle: with mails in the morning, with
/// payments in the afternoon. The same for the same `seed` on every machine.
[[nodiscard]] std::vector<OfficeCall> office_day(unsigned seed);

/// What the circle of mails and that of payments would come to unseen is risky beyond these, which the day's honest work
/// stays below.
inline constexpr int mails_an_hour = 20;
inline constexpr int paid_a_day = 2000;

}  // namespace approvekit::testing
