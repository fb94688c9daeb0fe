#pragma once

#include "approvekit/recorded_call.hpp"
#include "approvekit/review_statistics.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace approvekit::web {

/// Which calls a client asks for, and how it wants them.
struct HistoryQuery {
    CallQuery calls;
    bool folds = false;   ///< calls in a row that the policy allowed are one row
    bool is_csv = false;  ///< of an export; otherwise JSON lines
};

/// Read the queries of the routes of the same names. Throw Error (invalid_option) that says what is allowed.
[[nodiscard]] HistoryQuery parse_calls_query(std::string_view query);
[[nodiscard]] HistoryQuery parse_call_count_query(std::string_view query);
[[nodiscard]] HistoryQuery parse_call_export_query(std::string_view query);
[[nodiscard]] Period parse_statistics_query(std::string_view query);

/// The place of a call's decision in the audit, as an address has it; nothing for what is no number.
[[nodiscard]] std::optional<std::int64_t> parse_place(std::string_view text);

}  // namespace approvekit::web
