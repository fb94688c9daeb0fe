#include "review/call_search.hpp"

#include "approvekit/metadata_keys.hpp"
#include "text/ascii.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <limits>
#include <string_view>

namespace approvekit::review {
namespace {

/// How far apart the times of consecutive entries may be if a clock was set between them.
constexpr std::chrono::hours clock_tolerance{24};

std::string text_of(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::size_t bytes_of(const AuditEntry& entry) {
    return text_of(entry.tool_args).size() + text_of(entry.metadata).size() + entry.reviewer_notes.value_or("").size();
}

bool mentions(const AuditEntry& entry, std::string_view lower_text) {
    const auto has = [&](std::string_view text) {
        return text::lower_case(text).find(lower_text) != std::string::npos;
    };
    return has(entry.tool_name) || has(text_of(entry.tool_args)) || has(entry.reviewer_notes.value_or(""));
}

/// An agent may ask again and again for what was refused. That is no reason to tell it without end.
void leave_out_old(RecordedCall& call) {
    const std::size_t told = std::min(call.others.size(), RecordedCall::most_others);
    call.others_left_out = call.others.size() - told;
    call.others.erase(call.others.begin() + static_cast<std::ptrdiff_t>(told), call.others.end());
}

bool has_risk(const AuditEntry& entry, const std::string& risk) {
    if (!entry.metadata.is_object()) return false;
    const auto label = entry.metadata.find(risk_level_key);
    return label != entry.metadata.end() && *label == risk;
}

}  // namespace

CallSearch::CallSearch(Storage& record, const CallQuery& query)
    : record_(record),
      query_(query),
      lower_text_(text::lower_case(query.text)),
      reader_(record, query.cursor, query.request_id == auto_request_id ? std::string() : query.request_id) {}

std::optional<RecordedCall> CallSearch::next() {
    if (query_.most_entries == 0) return next_within(std::numeric_limits<std::size_t>::max());
    return next_within(query_.most_entries - std::min(entries_read(), query_.most_entries));
}

std::optional<RecordedCall> CallSearch::next_within(std::size_t most_entries) {
    const std::size_t before = entries_read();
    const auto left = [&] { return most_entries - std::min(entries_read() - before, most_entries); };
    while (!is_at_end_ && left() > 0) {
        auto call = reader_.next(left());
        is_at_end_ = call ? is_before_all(call->decision) : reader_.is_at_end();
        if (!call || is_at_end_) break;
        if (!is_asked_for(*call)) continue;
        leave_out_old(*call);
        return call;
    }
    return std::nullopt;
}

/// Another program writes any time into its entries. They must not hide the entries after them.
bool CallSearch::is_before_all(const AuditEntry& decision) const {
    return query_.since && decision.ours() && decision.timestamp < *query_.since - clock_tolerance;
}

void CallSearch::name_agent(RecordedCall& call) const {
    if (!call.agent.empty() || call.decision.request_id == auto_request_id) return;
    if (const auto request = record_.find(call.decision.request_id)) call.agent = request->agent;
}

bool CallSearch::is_asked_for(RecordedCall& call) const {
    const AuditEntry& decision = call.decision;
    if (!query_.request_id.empty() && decision.request_id != query_.request_id) return false;
    if (!query_.tool.empty() && decision.tool_name != query_.tool) return false;
    if (!query_.reviewer.empty() && decision.reviewer != query_.reviewer) return false;
    if (query_.status && decision.decision != *query_.status && call.status() != *query_.status) return false;
    if (!query_.risk.empty() && !has_risk(decision, query_.risk)) return false;
    if (query_.since && decision.timestamp < *query_.since) return false;
    if (query_.until && decision.timestamp >= *query_.until) return false;
    if (!has_text(call)) return false;
    if (query_.agent.empty()) return true;
    name_agent(call);
    return call.agent == query_.agent;
}

bool CallSearch::has_text(const RecordedCall& call) const {
    const auto has = [this](const AuditEntry& entry) { return mentions(entry, lower_text_); };
    return lower_text_.empty() || has(call.decision) || (call.end && has(*call.end)) ||
           std::any_of(call.others.begin(), call.others.end(), has);
}

void PageRoom::take(const RecordedCall& call) {
    --calls_left_;
    bytes_ += bytes_of(call.decision) + (call.end ? bytes_of(*call.end) : 0);
    for (const AuditEntry& entry : call.others)
        bytes_ += bytes_of(entry);
}

}  // namespace approvekit::review
