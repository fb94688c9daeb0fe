#include "approvekit/review_statistics.hpp"

#include "approvekit/error.hpp"
#include "approvekit/metadata_keys.hpp"
#include "record/rows.hpp"
#include "review/duration_histogram.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace approvekit {
namespace {

constexpr std::size_t most_days = 4000;
constexpr std::size_t most_groups = 500;
constexpr std::size_t most_rules_told = 20;
constexpr const char* others = "(others)";

/// Returns what is counted under `name`. There are at most `most` names, and one for all others.
template <typename Group>
Group& group_of(std::map<std::string, Group>& groups, const std::string& name, std::size_t most,
                const std::string& rest) {
    const bool has_room = groups.size() < most || groups.contains(name);
    return groups[has_room ? name : rest];
}

struct DecisionCount {
    DecisionFigures figures;
    review::DurationHistogram durations;

    void add(const ApprovalRequest& request) {
        const auto duration = *request.reviewed_at - request.created_at;
        const bool is_approval = request.status == ApprovalStatus::approved;
        ++(is_approval                                  ? figures.approved
           : request.status == ApprovalStatus::answered ? figures.answered
                                                        : figures.rejected);
        if (is_approval && duration < std::chrono::seconds(1)) ++figures.approved_within_a_second;
        durations.add(duration);
    }

    [[nodiscard]] DecisionFigures total(const std::string& name) const {
        DecisionFigures told = figures;
        told.name = name;
        told.median = durations.quantile(0.5);
        told.p90 = durations.quantile(0.9);
        return told;
    }
};

struct RuleCount {
    RuleFigures figures;
    bool was_rejected = false;
};

class StatisticsCount {
public:
    explicit StatisticsCount(const Period& period) : period_(period) {}

    [[nodiscard]] bool covers(Time time) const {
        return (!period_.since || time >= *period_.since) && (!period_.until || time < *period_.until);
    }

    void add(const ApprovalRequest& request) {
        DayFigures& day = day_of(request.created_at);
        ++day.asked;
        RuleCount& rule = rule_of(request);
        ++rule.figures.asked;
        if (std::size_t DayFigures::*const end = end_of(request.status); end != nullptr) ++(day.*end);
        if (request.status == ApprovalStatus::approved) ++rule.figures.approved;
        const bool is_refusal =
            request.status == ApprovalStatus::rejected || request.status == ApprovalStatus::answered;
        if (is_refusal) rule.was_rejected = true;
        const bool is_decided = record::verdict_of(request.status).has_value();
        if (!is_decided || !request.reviewed_at) return;
        all_.add(request);
        group_of(tools_, request.tool_name, most_groups, others).add(request);
        const std::string reviewer = request.reviewer.empty() ? "unknown" : request.reviewer;
        group_of(reviewers_, reviewer, most_groups, others).add(request);
    }

    void add(const AuditEntry& entry) {
        if (tells_unseen_approval(entry) && covers(entry.timestamp)) add_unseen(entry);
        if (entry.request_id != auto_request_id || !entry.follows.empty() || !covers(entry.timestamp)) return;
        if (entry.decision == AuditEvent::approved) ++day_of(entry.timestamp).allowed;
        if (entry.decision == AuditEvent::denied) ++day_of(entry.timestamp).denied;
    }

    [[nodiscard]] ReviewStatistics total() const {
        ReviewStatistics statistics{.period = period_,
                                    .days = {},
                                    .all = all_.total(""),
                                    .tools = most_first(tools_),
                                    .reviewers = most_first(reviewers_),
                                    .never_rejected = never_rejected()};
        for (auto day = days_.rbegin(); day != days_.rend(); ++day) {
            statistics.days.push_back(day->second);
            statistics.days.back().day = day->first;
        }
        // By its first letter it would come first.
        const auto is_day = [](const DayFigures& figures) { return figures.day != "earlier"; };
        std::stable_partition(statistics.days.begin(), statistics.days.end(), is_day);
        return statistics;
    }

private:
    static bool tells_unseen_approval(const AuditEntry& entry) {
        if (entry.decision != AuditEvent::approved || !entry.metadata.is_object()) return false;
        const auto told = entry.metadata.find(shown_key);
        if (told == entry.metadata.end() || !told->is_string()) return false;
        const auto shown = parse_shown(told->get_ref<const std::string&>());
        return shown == Shown::in_part || shown == Shown::by_id;
    }

    /// A request that was made before the period is not in the figures.
    void add_unseen(const AuditEntry& entry) {
        ++all_.figures.approved_unseen;
        if (const auto tool = tools_.find(entry.tool_name); tool != tools_.end())
            ++tool->second.figures.approved_unseen;
        const auto reviewer = reviewers_.find(entry.reviewer);
        if (reviewer != reviewers_.end()) ++reviewer->second.figures.approved_unseen;
    }

    static std::size_t DayFigures::*end_of(ApprovalStatus status) {
        switch (status) {
            case ApprovalStatus::approved:
                return &DayFigures::approved;
            case ApprovalStatus::rejected:
                return &DayFigures::rejected;
            case ApprovalStatus::timeout:
                return &DayFigures::timed_out;
            case ApprovalStatus::cancelled:
                return &DayFigures::cancelled;
            case ApprovalStatus::answered:
                return &DayFigures::answered;
            default:
                return nullptr;
        }
    }

    DayFigures& day_of(Time time) { return group_of(days_, to_text(time).substr(0, 10), most_days, "earlier"); }

    RuleCount& rule_of(const ApprovalRequest& request) {
        std::string rule;
        const auto told =
            request.metadata.is_object() ? request.metadata.find(matched_rule_key) : Json::const_iterator();
        if (request.metadata.is_object() && told != request.metadata.end() && told->is_string())
            rule = told->get<std::string>();
        RuleCount& count = group_of(rules_, rule + '\0' + request.tool_name, most_groups, others);
        const bool is_of_others = !count.figures.tool.empty() && count.figures.tool != request.tool_name;
        count.figures.rule = is_of_others ? "" : rule;
        count.figures.tool = is_of_others ? others : request.tool_name;
        return count;
    }

    static std::vector<DecisionFigures> most_first(const std::map<std::string, DecisionCount>& counts) {
        std::vector<DecisionFigures> figures;
        for (const auto& [name, count] : counts)
            figures.push_back(count.total(name));
        const auto decisions = [](const DecisionFigures& one) { return one.approved + one.rejected + one.answered; };
        std::stable_sort(figures.begin(), figures.end(),
                         [&](const DecisionFigures& left, const DecisionFigures& right) {
                             return decisions(left) > decisions(right);
                         });
        return figures;
    }

    [[nodiscard]] std::vector<RuleFigures> never_rejected() const {
        std::vector<RuleFigures> rules;
        for (const auto& [name, count] : rules_) {
            if (!count.was_rejected && count.figures.approved > 0 && name != others) rules.push_back(count.figures);
        }
        std::stable_sort(rules.begin(), rules.end(),
                         [](const RuleFigures& left, const RuleFigures& right) { return left.asked > right.asked; });
        if (rules.size() > most_rules_told) rules.resize(most_rules_told);
        return rules;
    }

    Period period_;
    std::map<std::string, DayFigures> days_;
    DecisionCount all_;
    std::map<std::string, DecisionCount> tools_;
    std::map<std::string, DecisionCount> reviewers_;
    std::map<std::string, RuleCount> rules_;
};

using IsWanted = std::function<bool()>;

void require_wanted(const IsWanted& is_wanted) {
    if (is_wanted && !is_wanted()) throw Error(ErrorCode::cancelled, "nobody wants the statistics any more");
}

void count_requests(Storage& record, const Period& period, StatisticsCount& count, const IsWanted& is_wanted) {
    RequestQuery query{.status = std::nullopt, .limit = 200, .cursor = {}};
    do {
        require_wanted(is_wanted);
        const RequestPage page = record.list(query);
        for (const ApprovalRequest& request : page.requests) {
            // Requests come newest first.
            if (period.since && request.created_at < *period.since) return;
            if (count.covers(request.created_at)) count.add(request);
        }
        query.cursor = page.next;
    } while (!query.cursor.empty());
}

void count_entries(Storage& record, const Period& period, StatisticsCount& count, const IsWanted& is_wanted) {
    AuditQuery query{.request_id = {}, .limit = 200, .cursor = {}, .oldest_first = false};
    do {
        require_wanted(is_wanted);
        const AuditPage page = record.audit(query);
        for (const AuditEntry& entry : page.entries) {
            // Entries come in the order in which they were written, whatever their clocks said. Another program writes
            // any time into its own entries; those must not hide the entries after them.
            if (period.since && entry.ours() && entry.timestamp < *period.since - std::chrono::hours(24)) return;
            count.add(entry);
        }
        query.cursor = page.next;
    } while (!query.cursor.empty());
}

Json milliseconds(std::chrono::microseconds duration) {
    return std::chrono::round<std::chrono::milliseconds>(duration).count();
}

Json decision_json(const DecisionFigures& figures) {
    return {{"name", figures.name},
            {"approved", figures.approved},
            {"rejected", figures.rejected},
            {"answered", figures.answered},
            {"approved_within_a_second", figures.approved_within_a_second},
            {"approved_unseen", figures.approved_unseen},
            {"median_ms", milliseconds(figures.median)},
            {"p90_ms", milliseconds(figures.p90)}};
}

Json day_json(const DayFigures& day) {
    return {{"day", day.day},           {"asked", day.asked},         {"approved", day.approved},
            {"rejected", day.rejected}, {"timed_out", day.timed_out}, {"cancelled", day.cancelled},
            {"answered", day.answered}, {"allowed", day.allowed},     {"denied", day.denied}};
}

Json rule_json(const RuleFigures& rule) {
    return {{"rule", rule.rule.empty() ? Json() : Json(rule.rule)},
            {"tool", rule.tool},
            {"asked", rule.asked},
            {"approved", rule.approved}};
}

template <typename Item>
Json list_json(const std::vector<Item>& items, Json (*to_json)(const Item&)) {
    Json list = Json::array();
    for (const Item& item : items)
        list.push_back(to_json(item));
    return list;
}

}  // namespace

ReviewStatistics read_statistics(Storage& record, const Period& period, const std::function<bool()>& is_wanted) {
    StatisticsCount count(period);
    count_requests(record, period, count, is_wanted);
    count_entries(record, period, count, is_wanted);
    return count.total();
}

Json to_json_view(const ReviewStatistics& statistics) {
    const auto time = [](const std::optional<Time>& moment) { return moment ? Json(to_text(*moment)) : Json(); };
    Json all = decision_json(statistics.all);
    all.erase("name");
    return {{"since", time(statistics.period.since)},
            {"until", time(statistics.period.until)},
            {"days", list_json(statistics.days, &day_json)},
            {"all", std::move(all)},
            {"tools", list_json(statistics.tools, &decision_json)},
            {"reviewers", list_json(statistics.reviewers, &decision_json)},
            {"never_rejected", list_json(statistics.never_rejected, &rule_json)}};
}

}  // namespace approvekit
