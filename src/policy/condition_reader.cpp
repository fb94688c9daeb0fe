#include "policy/condition_reader.hpp"

#include "approvekit/terminal_text.hpp"
#include "policy/value_reader.hpp"
#include "text/escape.hpp"

#include <array>
#include <utility>

namespace approvekit::policy {
namespace {

constexpr std::array<std::string_view, 8> condition_keys = {"args", "context", "agent", "environment",
                                                            "time", "all",     "any",   "not"};
constexpr std::array<std::string_view, 3> time_keys = {"between", "days", "zone"};

std::string unknown_subject(std::string_view key) {
    const std::string_view meant = nearest(key, condition_keys);
    return "is nothing to test; expected args.NAME, context.NAME, agent, environment, time, all, any or not" +
           (edit_distance(key, meant) <= 2 ? "; did you mean " + quote(meant) + "?" : std::string());
}

/// Returns what `read` makes of each item, or nothing if one of them is refused. Reads all of them in any case, so that
/// all faults are reported.
template <typename Item, typename Read>
std::optional<std::vector<Condition>> read_all(const std::vector<Item>& items, Read read) {
    std::vector<Condition> parts;
    for (std::size_t index = 0; index < items.size(); ++index) {
        if (auto part = read(items[index], index)) parts.push_back(*std::move(part));
    }
    return parts.size() == items.size() ? std::optional(std::move(parts)) : std::nullopt;
}

}  // namespace

// Recursion is safe: the depth of a document is limited when it is built.
std::optional<Condition> ConditionReader::read(const Node& node,  // NOLINT(misc-no-recursion)
                                               const std::string& path) {
    if (!values_.is_mapping(node, path)) return std::nullopt;
    if (node.entries.empty()) {
        values_.report(node, path, "is empty; a condition has at least one test");
        return std::nullopt;
    }
    auto parts = read_all(node.entries, [&](const Entry& entry, std::size_t /*index*/) {
        return read_part(entry, child_path(path, entry.key));
    });
    return parts ? std::optional(Condition::all_of(*std::move(parts))) : std::nullopt;
}

std::optional<Condition> ConditionReader::read_part(const Entry& entry,  // NOLINT(misc-no-recursion)
                                                    const std::string& path) {
    if (entry.key == "all" || entry.key == "any") return read_list(entry, path);
    if (entry.key == "time") return read_time(entry.value, path);
    if (entry.key != "not") return read_subject(entry, path);
    auto part = read(entry.value, path);
    return part ? std::optional(Condition::negation(*std::move(part))) : std::nullopt;
}

std::optional<Condition> ConditionReader::read_list(const Entry& entry,  // NOLINT(misc-no-recursion)
                                                    const std::string& path) {
    const auto* const items = values_.list(entry.value, path, "conditions");
    if (items == nullptr) return std::nullopt;
    if (items->empty()) {
        values_.report(entry.value, path, "is empty; it has at least one condition");
        return std::nullopt;
    }
    auto parts =
        read_all(*items, [&](const Node& item, std::size_t index) { return read(item, child_path(path, index)); });
    if (!parts) return std::nullopt;
    return entry.key == "all" ? Condition::all_of(*std::move(parts)) : Condition::any_of(*std::move(parts));
}

std::optional<Condition> ConditionReader::read_subject(const Entry& entry, const std::string& path) {
    auto subject = Subject::parse(entry.key);
    if (!subject) {
        problems_.add(entry.offset, path, unknown_subject(entry.key));
        return std::nullopt;
    }
    auto named = tests_.read(entry.value, path);
    if (named.empty()) return std::nullopt;
    std::vector<Condition> parts;
    for (NamedTest& test : named) {
        parts.push_back(
            Condition::of_value(*subject, std::move(test.test), text::escape(subject->text()) + " " + test.text));
    }
    return Condition::all_of(std::move(parts));
}

std::optional<Condition> ConditionReader::read_time(const Node& node, const std::string& path) {
    if (!values_.is_mapping(node, path)) return std::nullopt;
    report_unknown_keys(node, path, time_keys, {}, problems_);
    const Node* const zone = node.find("zone");
    if (zone == nullptr) {
        values_.report(node, path, "has no zone; whose wall clock is meant? For example zone: Europe/Berlin");
        return std::nullopt;
    }
    const auto name = values_.name(*zone, child_path(path, "zone"), 64);
    auto hours = name ? WallClockHours::in_zone(*name) : std::nullopt;
    if (name && !hours)
        values_.report(*zone, child_path(path, "zone"), quote(*name) + " is not a time zone of this system");
    const Node* const between = node.find("between");
    const Node* const days = node.find("days");
    if (between == nullptr && days == nullptr) values_.report(node, path, "has neither between nor days");
    if (!hours || (between == nullptr && days == nullptr)) return std::nullopt;
    const bool good_hours = between == nullptr || read_hours(*between, child_path(path, "between"), *hours);
    const bool good_days = days == nullptr || read_days(*days, child_path(path, "days"), *hours);
    const auto value = values_.json(node, path);
    if (!good_hours || !good_days || !value) return std::nullopt;
    return Condition::of_time(*std::move(hours), "time " + terminal_json(*value));
}

bool ConditionReader::read_hours(const Node& node, const std::string& path, WallClockHours& hours) {
    const bool is_pair =
        node.is(Node::Kind::sequence) && node.items.size() == 2 && node.items[0].is_text() && node.items[1].is_text();
    const auto start = is_pair ? parse_wall_clock(text_of(node.items[0])) : std::nullopt;
    const auto end = is_pair ? parse_wall_clock(text_of(node.items[1])) : std::nullopt;
    const bool usable = start && end && *start != *end && *start < std::chrono::hours(24);
    if (usable) {
        hours.set_hours(*start, *end);
    } else {
        values_.report(node, path, "expected two different times of the day in quotes, such as [\"08:00\", \"18:00\"]");
    }
    return usable;
}

bool ConditionReader::read_days(const Node& node, const std::string& path, WallClockHours& hours) {
    const auto* const items = values_.list(node, path, "days");
    bool usable = items != nullptr && !items->empty();
    if (items != nullptr && items->empty()) values_.report(node, path, "is empty; which days are meant?");
    for (std::size_t index = 0; items != nullptr && index < items->size(); ++index) {
        const Node& item = (*items)[index];
        const auto day = item.is_text() ? parse_weekday(text_of(item)) : std::nullopt;
        if (day) {
            hours.add_day(*day);
        } else {
            values_.report(item, child_path(path, index),
                           "expected mon, tue, wed, thu, fri, sat or sun, found " + describe(item));
            usable = false;
        }
    }
    return usable;
}

}  // namespace approvekit::policy
