#include "terminal/waiting_requests.hpp"

#include "approvekit/terminal_text.hpp"
#include "record/argument_order.hpp"
#include "text/ascii.hpp"
#include "text/escape.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

namespace approvekit::terminal {
namespace {

constexpr std::size_t most_summary_bytes = 200;
constexpr int weight_of_critical = 8;

struct RiskWeight {
    std::string_view risk;
    int weight;
};

/// A risk that the policy calls by a name of its own weighs more than a medium one.
int weight_of(std::string_view risk) {
    constexpr std::array weights{RiskWeight{"critical", weight_of_critical}, RiskWeight{"high", 6},
                                 RiskWeight{"medium", 4}, RiskWeight{"low", 2}, RiskWeight{"", 3}};
    const std::string name = text::lower_case(risk);
    const auto* const known =
        std::find_if(weights.begin(), weights.end(), [&](const RiskWeight& weight) { return weight.risk == name; });
    return known == weights.end() ? 5 : known->weight;
}

/// 0: ends within a minute; 1: within five; 2: later, or never.
int haste_of(const WaitingRequest& request, Time now) {
    if (!request.ends_at) return 2;
    const auto left = *request.ends_at - now;
    if (left <= std::chrono::minutes(1)) return 0;
    return left <= std::chrono::minutes(5) ? 1 : 2;
}

/// No more of a text than a line can show.
std::string start_of(const Json& value) {
    if (!value.is_string()) return terminal_json(value).substr(0, most_summary_bytes);
    return text::quote(value.get_ref<const std::string&>().substr(0, most_summary_bytes));
}

std::string summary_of(const ApprovalRequest& request) {
    std::string summary;
    for (const std::string& name : record::argument_order(request.tool_args, request.metadata)) {
        if (summary.size() > most_summary_bytes) break;
        summary += (summary.empty() ? "" : "  ") + text::name_text(name.substr(0, most_summary_bytes)) + " " +
                   start_of(request.tool_args.at(name));
    }
    return summary;
}

}  // namespace

std::vector<std::string> WaitingRequests::follow(const RequestFeed::News& news, Time now) {
    std::vector<std::string> added;
    if (news.look_at_everything) {
        look_at_everything(now, added);
    } else {
        for (const Change& change : news.changes)
            look_at(change.request_id, now, added);
    }
    return added;
}

const WaitingRequest* WaitingRequests::find(const std::string& id) const {
    const auto found = waiting_.find(id);
    return found == waiting_.end() ? nullptr : &found->second;
}

std::vector<const WaitingRequest*> WaitingRequests::in_order(Time now) const {
    std::vector<const WaitingRequest*> requests;
    for (const auto& [id, request] : waiting_)
        requests.push_back(&request);
    const auto place = [&](const WaitingRequest* request) {
        return std::tuple(haste_of(*request, now), -weight_of(request->risk), request->ends_at.value_or(Time::max()),
                          request->created_at);
    };
    std::stable_sort(requests.begin(), requests.end(),
                     [&](const auto* left, const auto* right) { return place(left) < place(right); });
    return requests;
}

std::string WaitingRequests::overview(Time now) const {
    if (waiting_.empty()) return "Nothing waits for a decision.";
    const auto count = [&](auto fits) {
        return std::count_if(waiting_.begin(), waiting_.end(), [&](const auto& item) { return fits(item.second); });
    };
    const auto soon = count([&](const WaitingRequest& request) { return haste_of(request, now) == 0; });
    const auto critical =
        count([](const WaitingRequest& request) { return weight_of(request.risk) == weight_of_critical; });
    std::string text = std::to_string(size()) + (size() == most ? " or more" : "") +
                       (size() == 1 ? " waits" : " wait") + " for a decision";
    if (soon > 0) text += ", " + std::to_string(soon) + (soon == 1 ? " ends" : " end") + " within a minute";
    if (critical > 0) text += ", " + std::to_string(critical) + " critical";
    return text + ".";
}

void WaitingRequests::look_at_everything(Time now, std::vector<std::string>& added) {
    std::set<std::string> gone;
    for (const auto& [id, request] : waiting_)
        gone.insert(id);
    RequestQuery query;
    do {
        const RequestPage page = reviewer_.list(query);
        for (const ApprovalRequest& request : page.requests) {
            gone.erase(request.id);
            add(request, now, added);
        }
        query.cursor = page.next;
    } while (!query.cursor.empty() && size() < most);
    for (const std::string& id : gone)
        look_at(id, now, added);
}

void WaitingRequests::look_at(const std::string& id, Time now, std::vector<std::string>& added) {
    const auto request = reviewer_.storage().find(id);
    if (request && request->status == ApprovalStatus::pending) {
        add(*request, now, added);
    } else {
        waiting_.erase(id);
    }
}

void WaitingRequests::add(const ApprovalRequest& request, Time now, std::vector<std::string>& added) {
    if (waiting_.contains(request.id) || size() >= most) return;
    auto ends_at = request.deadline;
    if (request.time_left) ends_at = now + *request.time_left;
    waiting_[request.id] = {.id = request.id,
                            .tool = request.tool_name,
                            .risk = request.risk_level(),
                            .summary = summary_of(request),
                            .created_at = request.created_at,
                            .ends_at = ends_at};
    added.push_back(request.id);
}

}  // namespace approvekit::terminal
