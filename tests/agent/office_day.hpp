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

/// A thousand calls from 8 to 18 o'clock, in order: mails, files, a shell, SQL and payments, nearly all of them an
/// agent's usual work. Some would do harm. Twice the agent gets caught in a loop: with mails in the morning, and with
/// payments in the afternoon. The same `seed` gives the same calls on every machine.
[[nodiscard]] std::vector<OfficeCall> office_day(unsigned seed);

/// Above these amounts, the mails and payments of the loops that nobody sees are risky. The honest work of the day
/// stays below.
inline constexpr int mails_an_hour = 20;
inline constexpr int paid_a_day = 2000;

}  // namespace approvekit::testing
