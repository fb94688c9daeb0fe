#pragma once

#include "approvekit/recorded_call.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace approvekit::review {

/// Calls in a row that the policy allowed and that ran to their end. A plain value.
struct FoldedCalls {
    std::size_t calls = 0;
    std::string cursor;  ///< with it the same query gives these calls first
    Time oldest{};       ///< when the first of them was decided
    /// How many of which tool, those with the most calls first; no more than most_named_tools of them.
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

/// The calls that `query` asks for in rows, of which a page has as many as the query's limit: what nobody was asked about
/// and what went well is told in one. Throws as find_calls() does.
[[nodiscard]] HistoryPage find_history(Storage& record, const CallQuery& query);

/// A call as to_json_view() has it, or {folded: {calls, from, to, tools: [{tool, calls}...], cursor}}.
[[nodiscard]] Json to_json_view(const HistoryRow& row);

}  // namespace approvekit::review
