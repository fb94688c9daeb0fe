#include "policy/grants_reader.hpp"

#include "approvekit/metadata_keys.hpp"
#include "policy/document.hpp"
#include "policy/reviewer_reader.hpp"
#include "policy/terms.hpp"
#include "policy/value_reader.hpp"

#include <array>
#include <cstdint>
#include <utility>

namespace approvekit::policy {
namespace {

constexpr std::int64_t most_granted_uses = 10'000;
constexpr const char* uses_member = "uses";
constexpr const char* for_member = "for";
constexpr const char* bounds_member = "bounds";

}  // namespace

std::optional<PolicyGrants> GrantsReader::read(const Node& node, const std::string& path) {
    static constexpr std::array<KnownKey<GrantsReader>, 3> keys = {{
        {uses_member, &GrantsReader::read_uses},
        {for_member, &GrantsReader::read_for},
        {bounds_member, &GrantsReader::read_bounds},
    }};
    grants_ = {};
    if (!values_.is_mapping(node, path)) return std::nullopt;
    read_mapping(node, path, keys, *this, problems_);
    if (node.find(uses_member) == nullptr) values_.report(node, path, "has no uses; how many calls more, at most?");
    if (node.find(for_member) == nullptr) values_.report(node, path, "has no for; for how long, such as 8h?");
    return std::move(grants_);
}

void GrantsReader::read_uses(const Node& value, const std::string& path) {
    const bool is_number = value.is(Node::Kind::scalar) && value.value.is_number_integer();
    if (is_number && value.value >= 1 && value.value <= most_granted_uses) {
        grants_.uses = value.value.get<std::int64_t>();
    } else if (!value.is(Node::Kind::refused)) {
        values_.report(
            value, path,
            "expected a whole number from 1 to " + std::to_string(most_granted_uses) + ", found " + describe(value));
    }
}

void GrantsReader::read_for(const Node& value, const std::string& path) {
    grants_.lasts = values_.timeout(value, path).value_or(shortest_timeout);
}

void GrantsReader::read_bounds(const Node& value, const std::string& path) {
    grants_.bounds = read_argument_paths(values_, value, path, "differ");
}

void GrantsReader::check(const PolicyRule& rule, const Node& node, const std::string& path) {
    if (!rule.grants) return;
    const Node& grants = *node.find(grants_key);
    const std::string place = child_path(path, grants_key);
    if (!rule.require_approval || rule.observe) {
        values_.report(grants, place, "is of no use: nobody approves what the rule does not hold; leave it out");
    } else if (rule.approvals > 1) {
        values_.report(grants, place,
                       "lets one reviewer grant what takes " + std::to_string(rule.approvals) +
                           " approvals; leave one of them out");
    }
}

Json as_json(const PolicyGrants& grants) {
    Json json = {{uses_member, grants.uses}, {for_member, grants.lasts.count()}};
    if (!grants.bounds.empty()) json[bounds_member] = grants.bounds;
    return json;
}

std::optional<PolicyGrants> grants_from(const Json& json) {
    Problems problems;
    const auto node = as_document(json, problems);
    if (!node) return std::nullopt;
    auto grants = GrantsReader(problems).read(*node, grants_key);
    return problems.empty() ? std::move(grants) : std::nullopt;
}

std::string grants_text(const PolicyRule& rule) {
    if (!rule.grants) return "";
    std::string text = ", whose reviewer may grant " + std::to_string(rule.grants->uses) + " more like it within " +
                       std::to_string(rule.grants->lasts.count()) + " s";
    for (std::size_t index = 0; index < rule.grants->bounds.size(); ++index)
        text += (index == 0 ? " that differ in " : ", ") + rule.grants->bounds[index];
    return text;
}

}  // namespace approvekit::policy
