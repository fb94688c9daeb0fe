#include "web/history_api.hpp"

#include "approvekit/recorded_call.hpp"
#include "approvekit/review_statistics.hpp"
#include "json/json_view.hpp"
#include "review/call_export.hpp"
#include "review/call_history.hpp"
#include "review/call_search.hpp"
#include "web/answer.hpp"
#include "web/input.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace approvekit::web {
namespace {

/// Which calls a client asks for, and how it wants them.
struct HistoryQuery {
    CallQuery calls;
    bool folds = false;   ///< consecutive calls that the policy allowed are one row
    bool is_csv = false;  ///< for an export; otherwise JSON lines
};

/// About how many entries a client may have looked at in one request: no answer takes longer than a moment.
constexpr std::size_t most_entries_at_once = 20'000;

std::optional<Time> time_of(const Parameters& parameters, const std::string& name) {
    const std::string& text = parameters[name];
    if (text.empty()) return std::nullopt;
    if (const auto time = parse_time(text)) return time;
    refuse_input(name + " takes a time in UTC such as 2026-01-31T09:05:00");
}

std::optional<AuditEvent> status_of_calls(const std::string& text) {
    if (text.empty()) return std::nullopt;
    if (const auto event = parse_audit_event(text)) return event;
    refuse_input(
        "status takes how a call was decided or ended: approved, rejected, timeout, cancelled, answered, denied, "
        "refused, executed, failed or unknown");
}

bool is_true(const Parameters& parameters, const std::string& name) {
    const std::string& text = parameters[name];
    if (text != "" && text != "true" && text != "false") refuse_input(name + " takes true or false");
    return text == "true";
}

CallQuery calls_of(const Parameters& parameters) {
    CallQuery query;
    query.request_id = parameters["request_id"];
    query.tool = parameters["tool"];
    query.agent = parameters["agent"];
    query.reviewer = parameters["reviewer"];
    query.status = status_of_calls(parameters["status"]);
    query.risk = parameters["risk"];
    query.since = time_of(parameters, "since");
    query.until = time_of(parameters, "until");
    query.text = parameters["text"];
    return query;
}

// Read the queries of the routes of the same names. Throw Error (invalid_option), which says what is allowed.

HistoryQuery parse_calls_query(std::string_view query) {
    const Parameters parameters(query, {"request_id", "tool", "agent", "reviewer", "status", "risk", "since", "until",
                                        "text", "fold", "limit", "cursor"});
    HistoryQuery result{.calls = calls_of(parameters), .folds = is_true(parameters, "fold")};
    result.calls.limit = parameters.limit(result.calls.limit);
    result.calls.cursor = parameters["cursor"];
    result.calls.most_entries = most_entries_at_once;
    return result;
}

HistoryQuery parse_call_count_query(std::string_view query) {
    const Parameters parameters(
        query, {"request_id", "tool", "agent", "reviewer", "status", "risk", "since", "until", "text", "cursor"});
    HistoryQuery result{.calls = calls_of(parameters)};
    result.calls.cursor = parameters["cursor"];
    result.calls.most_entries = most_entries_at_once;
    return result;
}

HistoryQuery parse_call_export_query(std::string_view query) {
    const Parameters parameters(
        query, {"request_id", "tool", "agent", "reviewer", "status", "risk", "since", "until", "text", "format"});
    const std::string& format = parameters["format"];
    if (format != "" && format != "jsonl" && format != "csv") refuse_input("format takes jsonl or csv");
    return {.calls = calls_of(parameters), .is_csv = format == "csv"};
}

Period parse_statistics_query(std::string_view query) {
    const Parameters parameters(query, {"since", "until"});
    return {.since = time_of(parameters, "since"), .until = time_of(parameters, "until")};
}

/// Returns the place of a call's decision in the audit, as an address has it, or nothing if it is not a number.
std::optional<std::int64_t> parse_place(std::string_view text) {
    std::int64_t place = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), place);
    const bool is_number = error == std::errc() && end == text.data() + text.size();
    return is_number ? std::optional(place) : std::nullopt;
}

constexpr std::size_t export_piece_bytes = std::size_t{64} * 1024;
/// After this many entries, checks whether anybody still wants the rest.
constexpr std::size_t export_piece_entries = 2000;

template <typename Item>
Json rows_json(const std::vector<Item>& items) {
    Json list = Json::array();
    for (const Item& item : items)
        list.push_back(to_json_view(item));
    return list;
}

/// Supplies every call that a query asks for, as it is found. Holds one piece. Keeps a reference to the record.
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
