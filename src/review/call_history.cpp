#include "review/call_history.hpp"

#include "record/ways.hpp"
#include "review/call_search.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace approvekit::review {
namespace {

/// Once there are more different tool names than this, further tools are counted without their names.
constexpr std::size_t most_counted_tools = 100;

bool is_routine(const RecordedCall& call) {
    return call.decision.request_id == auto_request_id && call.decision.way == record::way::policy &&
           call.decision.decision == AuditEvent::approved && call.status() == AuditEvent::executed;
}

/// The rows of a page. The last one may still grow.
class HistoryRows {
public:
    /// Whether more calls may be folded into the last row.
    [[nodiscard]] bool is_open() const noexcept { return is_open_; }
    [[nodiscard]] bool takes_into_last(const RecordedCall& call) const { return is_open_ && is_routine(call); }

    void add_to_last(const RecordedCall& call) {
        ++fold_.calls;
        fold_.oldest = call.decision.timestamp;
        count(call.decision.tool_name);
    }

    void add(RecordedCall call, std::string cursor) {
        close();
        is_open_ = is_routine(call);
        if (is_open_) {
            fold_ = {.calls = 1, .cursor = std::move(cursor), .oldest = call.decision.timestamp, .tools = {}};
            count(call.decision.tool_name);
        }
        rows_.push_back({std::move(call), std::nullopt});
    }

    [[nodiscard]] std::vector<HistoryRow> take() {
        close();
        return std::move(rows_);
    }

private:
    void count(const std::string& tool) {
        if (tools_.size() < most_counted_tools || tools_.contains(tool)) ++tools_[tool];
    }

    void close() {
        if (is_open_ && fold_.calls > 1) {
            fold_.tools.assign(tools_.begin(), tools_.end());
            std::stable_sort(fold_.tools.begin(), fold_.tools.end(),
                             [](const auto& left, const auto& right) { return left.second > right.second; });
            fold_.tools.resize(std::min(fold_.tools.size(), most_named_tools));
            rows_.back().folded = std::move(fold_);
        }
        is_open_ = false;
        tools_.clear();
    }

    std::vector<HistoryRow> rows_;
    bool is_open_ = false;
    FoldedCalls fold_;
    std::map<std::string, std::size_t> tools_;
};

Json fold_json(const HistoryRow& row) {
    Json tools = Json::array();
    for (const auto& [tool, calls] : row.folded->tools)
        tools.push_back({{"tool", tool}, {"calls", calls}});
    return {{"calls", row.folded->calls},
            {"from", to_text(row.folded->oldest)},
            {"to", to_text(row.call.decision.timestamp)},
            {"tools", std::move(tools)},
            {"cursor", row.folded->cursor}};
}

}  // namespace

HistoryPage find_history(Storage& record, const CallQuery& query) {
    CallSearch search(record, query);
    HistoryRows rows;
    PageRoom room(query.limit);
    std::string next;
    std::optional<Time> reached;
    bool is_full = false;
    while (query.most_entries == 0 || search.entries_read() < query.most_entries) {
        // After an open row, either that row grows or a row begins that is not folded. Neither needs a cursor.
        std::string before = rows.is_open() && room.is_left() ? std::string() : search.cursor();
        reached = search.reached(before);
        auto call = search.next();
        if (!call) break;
        if (rows.takes_into_last(*call)) {
            rows.add_to_last(*call);
        } else if (!room.is_left()) {
            next = std::move(before);
            is_full = true;
            break;
        } else {
            search.name_agent(*call);
            room.take(*call);
            rows.add(*std::move(call), std::move(before));
        }
    }
    if (!is_full) {
        next = search.cursor();
        reached = search.reached(next);
    }
    return {rows.take(), std::move(next), reached};
}

Json to_json_view(const HistoryRow& row) {
    return row.folded ? Json{{"folded", fold_json(row)}} : approvekit::to_json_view(row.call);
}

}  // namespace approvekit::review
