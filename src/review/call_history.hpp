#pragma once

#include "approvekit/recorded_call.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace approvekit::review {

/// Consecutive calls that the policy allowed and that ran to their end. A plain value.
struct FoldedCalls {
    std::size_t calls = 0;
    std::string cursor;  ///< with this cursor, the same query returns these calls first
    Time oldest{};       ///< when the first of them was decided
    /// How many calls of which tool, the tools with the most calls first; at most most_named_tools of them.
    std::vector<std::pair<std::string, std::size_t>> tools;
};

inline constexpr std::size_t most_named_tools = 5;

/// A call, or several that are told as one.
struct HistoryRow {
    RecordedCall call;  ///< the newest of them
    std::optional<FoldedCalls> folded;
};

struct HistoryPage {
    std::vector<HistoryRow> rows;
    std::string next;                  ///< as in CallPage
    std::optional<Time> reached = {};  ///< as in CallPage
};

/// Returns the calls that `query` asks for, in rows. A page has at most as many rows as the query's limit. Consecutive
/// calls that nobody was asked about and that went well are told in one row. Throws like find_calls().
[[nodiscard]] HistoryPage find_history(Storage& record, const CallQuery& query);

/// Returns a call as to_json_view() does, or {folded: {calls, from, to, tools: [{tool, calls}...], cursor}}.
[[nodiscard]] Json to_json_view(const HistoryRow& row);

}  // namespace approvekit::review
