#include "policy/limit.hpp"

#include "approvekit/clock.hpp"
#include "approvekit/digest.hpp"
#include "json/number.hpp"
#include "json/strict_reader.hpp"
#include "policy/circle.hpp"
#include "policy/condition.hpp"
#include "policy/document.hpp"
#include "policy/glob.hpp"
#include "redaction/call_view.hpp"
#include "redaction/field_names.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace approvekit::policy {
namespace {

// In ones; larger than any limit. Sums of amounts up to this stay far from overflow.
constexpr std::int64_t largest_amount = 2'000'000'000;
constexpr std::size_t longest_bucket = 256;
constexpr std::size_t digits_of_millionths = 6;

Amount too_large() {
    return {largest_amount * millionths_of_one, false};
}

Amount whole(std::uint64_t ones) {
    if (ones > static_cast<std::uint64_t>(largest_amount)) return too_large();
    return {static_cast<std::int64_t>(ones) * millionths_of_one, true};
}

/// A double counts as the shortest decimal that reads back as the same number, which is what was written.
Amount decimal(double number) {
    if (number > static_cast<double>(largest_amount)) return too_large();
    std::string text;
    json::append_number(text, number);
    if (text.find('e') != std::string::npos) return {1, false};  // it is small, since large numbers have returned above
    const std::size_t point = std::min(text.find('.'), text.size());
    std::string fraction = point < text.size() ? text.substr(point + 1) : std::string();
    const bool is_exact = fraction.size() <= digits_of_millionths;
    fraction.resize(digits_of_millionths, '0');
    const std::int64_t ones = std::stoll(text.substr(0, point));
    return {ones * millionths_of_one + std::stoll(fraction) + (is_exact ? 0 : 1), is_exact};
}

std::string time_text(std::chrono::seconds time) {
    constexpr std::int64_t minute = 60;
    constexpr std::int64_t hour = 3600;
    constexpr std::int64_t day = 86'400;
    const std::int64_t seconds = time.count();
    if (seconds % day == 0 && seconds > day) return std::to_string(seconds / day) + " days";
    if (seconds % hour == 0) return std::to_string(seconds / hour) + " h";
    if (seconds % minute == 0) return std::to_string(seconds / minute) + " min";
    return std::to_string(seconds) + " s";
}

bool counts_calls(const PolicyLimit& limit) {
    return limit.sum.empty();
}

/// Returns for example "20 calls in 1 h" or "50000 in 24 h".
std::string amount_in_time(const PolicyLimit& limit) {
    const std::string time = " in " + time_text(limit.per);
    if (!counts_calls(limit)) return amount_text(amount_of(&limit.max).millionths) + time;
    return std::to_string(limit.calls) + (limit.calls == 1 ? " call" : " calls") + time;
}

const Json* find(const std::string& subject, const Json& arguments, const Json& context, Json& scratch) {
    const auto parsed = Subject::parse(subject);
    const Json none = Json::object();
    const CallFacts facts{.arguments = arguments,
                          .context = context.is_null() ? none : context,
                          .agent = {},
                          .environment = {},
                          .time = Time{}};
    const Json* const found = parsed ? parsed->find(facts, scratch) : nullptr;
    if (found == nullptr) return nullptr;
    scratch = Json(*found);  // `none` is destroyed on return
    return &scratch;
}

std::string bucket_of(const Json* value) {
    if (value == nullptr) return "";
    std::string text = canonical_json(*value, json::any_size);
    return text.size() <= longest_bucket ? text : "sha256 " + to_hex(digest_of(text));
}

bool is_same(const Amount& one, const Amount& other) {
    return one.millionths == other.millionths && one.is_exact == other.is_exact;
}

std::string words_on(const PolicyLimit& limit, const Amount& amount) {
    const std::string all = amount_in_time(limit);
    if (counts_calls(limit)) return all + (limit.calls == 1 ? " is" : " are") + " used up";
    if (amount.is_exact) {
        return "with " + amount_text(amount.millionths) + " more, " + limit.sum + " comes to more than " + all;
    }
    return limit.sum + " is not a number from 0 to " + std::to_string(largest_amount) +
           ", in millionths at most, that could count towards " + all;
}

/// Why a call does not count: a hidden value would decide what it takes.
std::string words_on_hidden(const std::string& subject) {
    return subject + " holds what redact_fields hides, so that no limit can count by it";
}

/// Returns for example "1 of 20 calls in 1 h" or "12.5 of 50000 in 24 h (args.amount)".
std::string share_of(const PolicyLimit& limit, const Amount& amount) {
    const std::string share = amount_text(amount.millionths) + " of " + amount_in_time(limit);
    return counts_calls(limit) ? share : share + " (" + limit.sum + ")";
}

/// Whether one of the fields hides `subject`, or something that is known to be a part of it.
bool is_hidden(const std::string& subject, const redaction::FieldNames& fields) {
    const auto parsed = Subject::parse(subject);
    if (!parsed) return false;
    auto paths = fields.paths();
    for (const std::string_view name : parsed->names()) {
        if (fields.hide(name, paths)) return true;
        paths = redaction::FieldNames::below(name, paths);
    }
    return !paths.empty();
}

/// Returns the names with a rule that every call matches, so that no call goes on to a rule of a wider name.
std::unordered_set<std::string_view> settled_names(const std::vector<PolicyRule>& rules) {
    std::unordered_set<std::string_view> names;
    for (const PolicyRule& rule : rules) {
        if (rule.when.is_null()) names.insert(rule.tool);
    }
    return names;
}

/// Returns what is hidden in calls that `rule` decides.
std::vector<std::string> fields_hidden_for(const PolicyRule& rule, const std::vector<PolicyRule>& rules,
                                           const std::unordered_set<std::string_view>& settled) {
    const bool takes_others = action_of(rule) == Action::hold && !rule.observe;
    const Glob name(rule.tool);
    std::vector<std::string> fields;
    for (const PolicyRule& other : rules) {
        const bool goes_on = takes_others && !settled.contains(other.tool) && name.covers(Glob(other.tool));
        if (other.tool != rule.tool && !goes_on) continue;
        fields.insert(fields.end(), other.redact_fields.begin(), other.redact_fields.end());
    }
    return fields;
}

}  // namespace

Measure measured(const PolicyLimit& limit, const CallParts& call) {
    Measure measure;
    Json scratch;
    if (!counts_calls(limit)) measure.amount = amount_of(find(limit.sum, call.arguments, call.context, scratch));
    if (!limit.by.empty()) measure.bucket = bucket_of(find(limit.by, call.arguments, call.context, scratch));
    return measure;
}

Amount amount_of(const Json* value) {
    if (value == nullptr || !value->is_number()) return {};
    if (value->is_number_unsigned()) return whole(value->get<std::uint64_t>());
    if (value->is_number_integer()) {
        const auto number = value->get<std::int64_t>();
        return number < 0 ? Amount{} : whole(static_cast<std::uint64_t>(number));
    }
    const auto number = value->get<double>();
    return std::isfinite(number) && number >= 0 ? decimal(number) : Amount{};
}

std::string limit_id(const PolicyRule& rule) {
    const PolicyLimit& limit = *rule.limit;
    const Json what{
        {"tool", rule.tool}, {"when", rule.when}, {"sum", limit.sum}, {"per", limit.per.count()}, {"by", limit.by}};
    constexpr std::size_t telling_digits = 32;
    return to_hex(digest_of(canonical_json(what, json::any_size))).substr(0, telling_digits);
}

Json as_json(const PolicyLimit& limit) {
    Json json{{"per", limit.per.count()}, {"beyond", to_string(limit.beyond)}};
    if (limit.calls != 0) json["calls"] = limit.calls;
    if (!limit.sum.empty()) json["sum"] = limit.sum;
    if (!limit.max.is_null()) json["max"] = limit.max;
    if (!limit.by.empty()) json["by"] = limit.by;
    return json;
}

std::string limit_text(const PolicyRule& rule) {
    if (!rule.limit) return {};
    const PolicyLimit& limit = *rule.limit;
    return ", " + (counts_calls(limit) ? "" : limit.sum + " up to ") + amount_in_time(limit) +
           (limit.by.empty() ? "" : " for each " + limit.by) + ", beyond that " +
           (limit.beyond == Beyond::deny ? "denied"
            : has_quorum(rule)           ? "held for approval" + quorum_text(rule)
                                         : "held");
}

std::optional<LimitUse> limit_use(const Ruling& ruling, const CallParts& shown, const CallParts& judged) {
    if (ruling.limit == nullptr) return std::nullopt;
    const PolicyLimit& limit = *ruling.rule->limit;
    Measure measure = measured(limit, shown);
    const bool hides_nothing = &shown.arguments == &judged.arguments && &shown.context == &judged.context;
    const Measure truth = hides_nothing ? measure : measured(limit, judged);
    const bool is_amount_true = is_same(measure.amount, truth.amount);
    const bool is_bucket_true = measure.bucket == truth.bucket;
    LimitUse use;
    use.limit = *ruling.limit;
    use.amount = measure.amount.millionths;
    use.most = counts_calls(limit) ? limit.calls * millionths_of_one : amount_of(&limit.max).millionths;
    use.per = limit.per;
    use.is_measured = measure.amount.is_exact && is_amount_true && is_bucket_true;
    use.beyond = limit.beyond;
    use.words = is_amount_true ? words_on(limit, measure.amount) : words_on_hidden(limit.sum);
    if (!is_bucket_true) use.words = words_on_hidden(limit.by);
    use.share = share_of(limit, measure.amount);
    use.bucket = std::move(measure.bucket);
    use.summand = limit.sum;
    use.counted_by = limit.by;
    return use;
}

std::optional<LimitUse> limit_use(const Ruling& ruling, const CallFacts& facts) {
    const CallParts judged{facts.arguments, facts.context};
    const auto& fields = ruling.rule->redact_fields;
    if (ruling.limit == nullptr || fields.empty()) return limit_use(ruling, judged, judged);
    const auto view = redaction::hide(facts.arguments, facts.context, fields, FingerprintKey());
    return limit_use(ruling, {view.arguments.value, view.context}, judged);
}

std::string LimitFault::path() const {
    return child_path(child_path(child_path("rules", rule), "limit"), key);
}

std::vector<LimitFault> find_limit_faults(const std::vector<PolicyRule>& rules) {
    const std::unordered_set<std::string_view> settled = settled_names(rules);
    std::vector<LimitFault> faults;
    for (std::size_t index = 0; index < rules.size(); ++index) {
        if (!rules[index].limit) continue;
        const redaction::FieldNames fields(fields_hidden_for(rules[index], rules, settled));
        const auto look = [&](const char* key, const std::string& subject) {
            if (!is_hidden(subject, fields)) return;
            faults.push_back({index, key,
                              "counts " + quote(subject) +
                                  ", which redact_fields hides: the record would tell of it. Count something else"});
        };
        look("sum", rules[index].limit->sum);
        look("by", rules[index].limit->by);
    }
    return faults;
}

}  // namespace approvekit::policy
