#include "web/history_input.hpp"

#include "web/input.hpp"

#include <charconv>
#include <string>
#include <system_error>

namespace approvekit::web {
namespace {

/// How many entries a client may have looked at at once, about: no answer takes longer than a moment.
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

}  // namespace

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

std::optional<std::int64_t> parse_place(std::string_view text) {
    std::int64_t place = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), place);
    const bool is_number = error == std::errc() && end == text.data() + text.size();
    return is_number ? std::optional(place) : std::nullopt;
}

}  // namespace approvekit::web
