#include "web/history_api.hpp"

#include "json/json_view.hpp"
#include "review/call_export.hpp"
#include "review/call_history.hpp"
#include "review/call_search.hpp"
#include "web/answer.hpp"
#include "web/history_input.hpp"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

namespace approvekit::web {
namespace {

constexpr std::size_t export_piece_bytes = std::size_t{64} * 1024;
/// After so many entries it is looked whether anybody still wants the rest.
constexpr std::size_t export_piece_entries = 2000;

template <typename Item>
Json rows_json(const std::vector<Item>& items) {
    Json list = Json::array();
    for (const Item& item : items)
        list.push_back(to_json_view(item));
    return list;
}

/// Every call that a query asks for, as it is found. Holds one piece. Keeps a reference to the record.
class CallExport final : public BodyStream {
public:
    CallExport(Storage& storage, HistoryQuery query) : query_(std::move(query)), search_(storage, query_.calls) {
        if (query_.is_csv) piece_ = review::call_header();
    }

    [[nodiscard]] std::optional<std::string> next() override {
        const std::size_t before = search_.entries_read();
        const auto left = [&] {
            return export_piece_entries - std::min(search_.entries_read() - before, export_piece_entries);
        };
        while (piece_.size() < export_piece_bytes) {
            auto call = search_.next_within(left());
            if (!call) break;
            search_.name_agent(*call);
            piece_ += query_.is_csv ? review::call_row(*call) : review::call_line(*call);
        }
        if (piece_.empty() && search_.is_at_end()) return std::nullopt;
        return std::exchange(piece_, {});
    }

private:
    const HistoryQuery query_;
    review::CallSearch search_;
    std::string piece_;
};

}  // namespace

Json RecordStatistics::read(std::string_view query, const std::function<bool()>& is_wanted) {
    const Period period = parse_statistics_query(query);
    const std::lock_guard lock(mutex_);
    const auto now = clock_.since_boot();
    if (read_at_ && query_ == query && now < *read_at_ + validity) return statistics_;
    statistics_ = to_json_view(read_statistics(storage_, period, is_wanted));
    query_ = query;
    read_at_ = clock_.since_boot();
    return statistics_;
}

Answer HistoryApi::calls(std::string_view query) const {
    const HistoryQuery wanted = parse_calls_query(query);
    const auto answer_of = [this](const Json& rows, const std::string& next, const std::optional<Time>& reached) {
        return json_answer(200, {{"calls", rows},
                                 {"next", json::text_or_null(next)},
                                 {"reached", json::text_or_null(reached)},
                                 {"now", now()}});
    };
    if (wanted.folds) {
        const review::HistoryPage page = review::find_history(storage_, wanted.calls);
        return answer_of(rows_json(page.rows), page.next, page.reached);
    }
    const CallPage page = find_calls(storage_, wanted.calls);
    return answer_of(rows_json(page.calls), page.next, page.reached);
}

Answer HistoryApi::count(std::string_view query) const {
    const CallCount count = count_calls(storage_, parse_call_count_query(query).calls);
    return json_answer(200, {{"calls", count.calls},
                             {"next", json::text_or_null(count.next)},
                             {"reached", json::text_or_null(count.reached)},
                             {"now", now()}});
}

Answer HistoryApi::call(std::string_view place) const {
    const auto sequence = parse_place(place);
    const auto call = sequence ? find_call(storage_, *sequence) : std::nullopt;
    if (!call) return error_answer(404, "not_found", "no call was decided in that place of the record");
    return json_answer(200, {{"call", to_json_view(*call)}, {"now", now()}});
}

Answer HistoryApi::export_calls(std::string_view query) const {
    HistoryQuery wanted = parse_call_export_query(query);
    Answer answer;
    answer.content_type = wanted.is_csv ? "text/csv; charset=utf-8" : "application/jsonl";
    answer.headers.emplace_back("Content-Disposition", wanted.is_csv ? "attachment; filename=\"calls.csv\""
                                                                     : "attachment; filename=\"calls.jsonl\"");
    answer.stream = std::make_shared<CallExport>(storage_, std::move(wanted));
    return answer;
}

Answer HistoryApi::statistics(std::string_view query, const std::function<bool()>& is_wanted) {
    Json statistics = statistics_.read(query, is_wanted);
    statistics["now"] = now();
    return json_answer(200, statistics);
}

}  // namespace approvekit::web
