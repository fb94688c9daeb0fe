#include "terminal/waiting_requests.hpp"

#include "approvekit/terminal_text.hpp"
#include "record/shown_view.hpp"
#include "terminal/layout.hpp"
#include "terminal/request_view.hpp"
#include "terminal/short_text.hpp"
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

/// A risk with a name that only the policy knows weighs more than a medium one.
int weight_of(std::string_view risk) {
    constexpr std::array weights{RiskWeight{"critical", weight_of_critical}, RiskWeight{"high", 6},
                                 RiskWeight{"medium", 4}, RiskWeight{"low", 2}, RiskWeight{"", 3}};
    const std::string name = text::lower_case(risk);
    const auto* const known =
        std::find_if(weights.begin(), weights.end(), [&](const RiskWeight& weight) { return weight.risk == name; });
    return known == weights.end() ? 5 : known->weight;
}

constexpr std::chrono::minutes very_soon(1);
constexpr std::chrono::minutes soon(5);

/// Returns 0 if it ends within a minute, 1 if within five, 2 if later or never.
int haste_of(const WaitingRequest& request, Time now) {
    if (!request.ends_at) return 2;
    const auto left = *request.ends_at - now;
    if (left <= very_soon) return 0;
    return left <= soon ? 1 : 2;
}

/// Returns when its haste grows, or Time::max() if never.
Time hurries_at(const WaitingRequest& request, Time now) {
    const int haste = haste_of(request, now);
    if (!request.ends_at || haste == 0) return Time::max();
    return *request.ends_at - (haste == 1 ? very_soon : soon);
}

/// Returns no more of a text than a line can show.
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

const std::vector<std::string>& WaitingRequests::follow(const RequestFeed::News& news, Time now) {
    const bool was_unsure = std::exchange(is_unsure_, true);
    for (const Change& change : news.changes)
        look_at(change.request_id, now);
    leave_out(now);
    if (was_unsure || news.look_at_everything || needs_others(now)) look_at_everything(now);
    std::erase_if(added_, [this](const std::string& id) { return !waiting_.contains(id); });
    is_unsure_ = false;
    return added_;
}

/// Whether a request that had no room may now belong to those that are held.
bool WaitingRequests::needs_others(Time now) const noexcept {
    return left_out_ > 0 && (size() < fewest || now >= hurries_at_);
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
    const auto ending = count([&](const WaitingRequest& request) { return haste_of(request, now) == 0; });
    const auto critical =
        count([](const WaitingRequest& request) { return weight_of(request.risk) == weight_of_critical; });
    std::string text = std::to_string(size()) + (left_out_ > 0 ? " or more" : "") + (size() == 1 ? " waits" : " wait") +
                       " for a decision";
    if (ending > 0) text += ", " + std::to_string(ending) + (ending == 1 ? " ends" : " end") + " within a minute";
    if (critical > 0) text += ", " + std::to_string(critical) + " critical";
    return text + ".";
}

void WaitingRequests::look_at_everything(Time now) {
    constexpr std::size_t page_size = 200;
    std::set<std::string> gone;
    for (const auto& [id, request] : waiting_)
        gone.insert(id);
    std::size_t listed = 0;
    hurries_at_ = Time::max();
    RequestQuery query{.status = ApprovalStatus::pending, .limit = page_size, .cursor = {}};
    do {
        const RequestPage page = reviewer_.list(query);
        for (const ApprovalRequest& request : page.requests) {
            gone.erase(request.id);
            add(request, now);
        }
        listed += page.requests.size();
        leave_out(now);
        query.cursor = page.next;
    } while (!query.cursor.empty());
    for (const std::string& id : gone)
        look_at(id, now);
    leave_out(now);
    left_out_ = listed - std::min(listed, size());
    looked_at_ = now;
}

void WaitingRequests::look_at(const std::string& id, Time now) {
    const auto request = reviewer_.storage().find(id);
    if (request && request->status == ApprovalStatus::pending) {
        add(*request, now);
    } else {
        waiting_.erase(id);
    }
}

void WaitingRequests::add(const ApprovalRequest& request, Time now) {
    if (waiting_.contains(request.id)) return;
    auto ends_at = request.deadline;
    if (request.time_left) ends_at = now + *request.time_left;
    waiting_[request.id] = {.id = request.id,
                            .tool = request.tool_name,
                            .risk = request.risk_level(),
                            .summary = summary_of(request),
                            .created_at = request.created_at,
                            .ends_at = ends_at};
    // If some had no room, one of them may come in, which is not new. A new one may have been under way for a moment.
    constexpr std::chrono::seconds underway(5);
    if (left_out_ == 0 || request.created_at + underway >= looked_at_) added_.push_back(request.id);
}

/// Forgets the requests for which there is no room.
void WaitingRequests::leave_out(Time now) {
    if (size() <= most) return;
    const auto requests = in_order(now);
    for (std::size_t index = most; index < requests.size(); ++index) {
        hurries_at_ = std::min(hurries_at_, hurries_at(*requests[index], now));
        waiting_.erase(std::string(requests[index]->id));
        ++left_out_;
    }
}

namespace {

constexpr std::size_t risk_width = 8;
constexpr std::size_t time_width = 10;

std::string time_left_text(const Screen& screen, const WaitingRequest& request) {
    return request.ends_at ? duration_text(*request.ends_at - screen.now) : "no end";
}

}  // namespace

std::string waiting_line(const Screen& screen, const WaitingRequest& request, std::string_view short_id,
                         std::size_t width) {
    const std::string risk = request.risk.empty() ? "-" : shorten(screen.name(request.risk), risk_width);
    std::string text = shorten(screen.name(short_id), width / 3) + "  ";
    text += screen.paint(risk_colour(request.risk), pad(risk, risk_width)) + "  " +
            pad(time_left_text(screen, request), time_width) + "  ";
    // The summary is escaped for a terminal that reads UTF-8. Another terminal gets the name alone.
    const bool has_summary = screen.charset == text::Charset::unicode && !request.summary.empty();
    text += screen.name(request.tool) + (has_summary ? "  " + request.summary : "");
    return shorten(text, width);
}

void draw_waiting_list(Lines& lines, Storage& storage, const std::vector<const WaitingRequest*>& requests) {
    const Screen& screen = lines.screen();
    const std::size_t number_width = std::to_string(requests.size()).size();
    for (std::size_t index = 0; index < requests.size(); ++index) {
        const std::string number = std::to_string(index + 1);
        const std::string margin = std::string(number_width - number.size(), ' ') + number + "  ";
        const WaitingRequest& request = *requests[index];
        const std::size_t room = screen.width - std::min(screen.width - 3, margin.size());
        const std::string line = waiting_line(screen, request, short_id(storage, request.id), room);
        lines.add(0, margin + line);
    }
}

void SeenRequests::add(const ApprovalRequest& request, Shown shown) {
    if (request.status != ApprovalStatus::pending) return;
    Look& look = seen_[request.id];
    if (look.view == request.view_digest && look.shown == Shown::whole) return;
    look = {request.view_digest, shown};
}

bool SeenRequests::has(const ApprovalRequest& request) const {
    return seen_.contains(request.id);
}

Shown SeenRequests::shown(const ApprovalRequest& request) const {
    const auto look = seen_.find(request.id);
    return look != seen_.end() && look->second.view == request.view_digest ? look->second.shown : Shown::by_id;
}

void SeenRequests::forget_ended(Storage& storage) {
    std::erase_if(seen_, [&](const auto& look) {
        const auto request = storage.find(look.first);
        return !request || request->status != ApprovalStatus::pending;
    });
}

}  // namespace approvekit::terminal
