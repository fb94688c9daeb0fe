#include "policy/limit_reader.hpp"

#include "approvekit/metadata_keys.hpp"
#include "policy/condition.hpp"
#include "policy/terms.hpp"
#include "policy/value_reader.hpp"

#include <array>
#include <utility>

namespace approvekit::policy {
namespace {

constexpr std::int64_t most_calls = 1'000'000;
constexpr std::int64_t largest_sum = 1'000'000'000;
constexpr std::size_t most_subject_bytes = 256;

}  // namespace

std::optional<PolicyLimit> LimitReader::read(const Node& node, const std::string& path) {
    static constexpr std::array<KnownKey<LimitReader>, 6> keys = {{
        {"calls", &LimitReader::read_calls},
        {"sum", &LimitReader::read_sum},
        {"max", &LimitReader::read_max},
        {"per", &LimitReader::read_per},
        {"by", &LimitReader::read_by},
        {"beyond", &LimitReader::read_beyond},
    }};
    limit_ = {};
    if (!values_.is_mapping(node, path)) return std::nullopt;
    read_mapping(node, path, keys, *this, problems_);
    check_whole(node, path);
    return std::move(limit_);
}

void LimitReader::read_calls(const Node& value, const std::string& path) {
    const bool is_number = value.is(Node::Kind::scalar) && value.value.is_number_integer();
    if (is_number && value.value >= 1 && value.value <= most_calls) {
        limit_.calls = value.value.get<std::int64_t>();
    } else if (!value.is(Node::Kind::refused)) {
        values_.report(
            value, path,
            "expected a whole number from 1 to " + std::to_string(most_calls) + ", found " + describe(value));
    }
}

void LimitReader::read_sum(const Node& value, const std::string& path) {
    limit_.sum = subject(value, path);
}

void LimitReader::read_max(const Node& value, const std::string& path) {
    auto number = values_.number(value, path);
    if (!number) return;
    const Amount amount = amount_of(&*number);
    if (amount.is_exact && amount.millionths > 0 && amount.millionths <= largest_sum * millionths_of_one) {
        limit_.max = *std::move(number);
    } else {
        values_.report(value, path,
                       "expected a number above 0, to " + std::to_string(largest_sum) +
                           ", with six digits behind the point at most, found " + describe(value));
    }
}

void LimitReader::read_per(const Node& value, const std::string& path) {
    limit_.per = values_.timeout(value, path).value_or(shortest_timeout);
}

void LimitReader::read_by(const Node& value, const std::string& path) {
    limit_.by = subject(value, path);
}

void LimitReader::read_beyond(const Node& value, const std::string& path) {
    const auto beyond = value.is_text() ? parse_beyond(text_of(value)) : std::nullopt;
    if (!beyond && !value.is(Node::Kind::refused)) {
        values_.report(value, path, "expected hold or deny, found " + describe(value));
    }
    limit_.beyond = beyond.value_or(Beyond::deny);
}

std::string LimitReader::subject(const Node& value, const std::string& path) {
    auto text = values_.name(value, path, most_subject_bytes);
    if (!text) return {};
    const auto parsed = Subject::parse(*text);
    if (!parsed || !parsed->is_member()) {
        values_.report(value, path, quote(*text) + " is nothing to count; expected args.NAME or context.NAME");
    }
    return *std::move(text);
}

void LimitReader::check_whole(const Node& node, const std::string& path) {
    const bool has_calls = node.find("calls") != nullptr;
    const bool has_sum = node.find("sum") != nullptr;
    if (has_calls == has_sum) {
        values_.report(node, path,
                       has_sum ? "counts calls and a sum; a rule has one limit" : "has no calls and no sum");
    }
    if (has_sum && node.find("max") == nullptr) values_.report(node, path, "has no max, which the sum may come to");
    if (!has_sum && node.find("max") != nullptr) values_.report(node, path, "has a max and no sum; calls is a number");
    if (node.find("per") == nullptr) values_.report(node, path, "has no per; within which time, such as 1h?");
}

void LimitReader::check(const PolicyRule& rule, const Node& node, const std::string& path) {
    if (!rule.limit) return;
    const Node& limit = *node.find(limit_key);
    const std::string place = child_path(path, limit_key);
    if (rule.observe || !rule.deny.empty()) {
        values_.report(limit, place, "limits nothing: it is not this rule that lets a call run; leave it out");
    } else if (rule.require_approval && rule.limit->beyond == Beyond::hold) {
        values_.report(limit, place, "limits nothing: the rule holds every call; write beyond: deny, or leave it out");
    }
}

void LimitReader::report(const std::vector<LimitFault>& faults, const Node& document) {
    const Node* const rules = document.find("rules");
    for (const LimitFault& fault : faults) {
        const Node* const limit = rules->items.at(fault.rule).find(limit_key);
        const Node* const place = limit == nullptr ? nullptr : limit->find(fault.key);
        values_.report(place == nullptr ? *rules : *place, fault.path(), fault.message);
    }
}

}  // namespace approvekit::policy
