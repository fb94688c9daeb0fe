#include "approvekit/unused_fields.hpp"

#include "policy/value_reader.hpp"
#include "redaction/decoded_text.hpp"
#include "redaction/field_names.hpp"

#include <algorithm>
#include <memory>
#include <set>
#include <string_view>
#include <utility>

namespace approvekit {
namespace {

/// Whether a call's arguments have a field. Recursion is safe: what is stored is not deeper than deepest_json.
bool has_field(const Json& value, const redaction::FieldNames& field, const redaction::FieldNames::Paths& paths,
               std::size_t depth) {
    if (value.is_object()) {
        return std::any_of(value.items().begin(), value.items().end(), [&](const auto& member) {
            return field.hide(member.key(), paths) ||
                   has_field(member.value(), field, redaction::FieldNames::below(member.key(), paths), depth + 1);
        });
    }
    if (value.is_array()) {
        return std::any_of(value.begin(), value.end(),
                           [&](const Json& item) { return has_field(item, field, paths, depth + 1); });
    }
    if (!value.is_string()) return false;
    const auto& text = value.get_ref<const std::string&>();
    if (!redaction::looks_like_json(text)) return false;
    const auto nested = redaction::parse_nested_json(text, depth);
    return nested ? has_field(*nested, field, paths, depth) : field.seem_set_in(text);
}

/// What the calls on record say about one rule.
class RuleUse {
public:
    explicit RuleUse(const PolicyRule& rule) {
        for (const std::string& field : rule.redact_fields)
            fields_.push_back({field, std::make_unique<redaction::FieldNames>(std::vector{field}), false});
    }

    void add(const Json& arguments) {
        has_calls_ = true;
        for (Field& field : fields_)
            field.used = field.used || has_field(arguments, *field.names, field.names->paths(), 0);
        if (!arguments.is_object()) return;
        for (const auto& [key, value] : arguments.items()) {
            if (keys_.size() < most_keys) keys_.insert(key);
        }
    }

    void report(const std::string& file, const std::string& path, std::vector<PolicyProblem>& warnings) const {
        const auto warn = [&](std::string message) {
            warnings.push_back({.file = file, .path = path + ".redact_fields", .message = std::move(message)});
        };
        if (fields_.empty()) return;
        if (!has_calls_) return warn("the record has no call of this rule, so nothing can be said of these names");
        for (const Field& field : fields_) {
            if (!field.used) warn("no call on record had a field " + policy::quote(field.name) + advice(field.name));
        }
    }

private:
    static constexpr std::size_t most_keys = 1000;

    struct Field {
        std::string name;
        std::unique_ptr<redaction::FieldNames> names;
        bool used;
    };

    [[nodiscard]] std::string advice(std::string_view name) const {
        constexpr std::size_t likely = 2;
        const std::vector<std::string_view> keys(keys_.begin(), keys_.end());
        if (keys.empty()) return "";
        const std::string_view nearest = policy::nearest(name, keys);
        return policy::edit_distance(name, nearest) > likely ? "" : "; did you mean " + policy::quote(nearest) + "?";
    }

    std::vector<Field> fields_;
    std::set<std::string> keys_;  // at the top level of the calls' arguments
    bool has_calls_ = false;
};

void read_calls(const Policy& policy, Storage& record, std::vector<RuleUse>& uses) {
    AuditQuery query{.request_id = {}, .limit = 200, .cursor = {}, .oldest_first = false};
    do {
        const AuditPage page = record.audit(query);
        for (const AuditEntry& entry : page.entries) {
            if (!entry.follows.empty()) continue;
            for (const std::size_t rule : policy.rules_of(entry.tool_name))
                uses[rule].add(entry.tool_args);
        }
        query.cursor = page.next;
    } while (!query.cursor.empty());
}

}  // namespace

std::vector<PolicyProblem> find_unused_fields(const Policy& policy, Storage& record, const std::string& file) {
    std::vector<RuleUse> uses;
    for (const PolicyRule& rule : policy.rules())
        uses.emplace_back(rule);
    read_calls(policy, record, uses);

    std::vector<PolicyProblem> warnings;
    for (std::size_t index = 0; index < uses.size(); ++index)
        uses[index].report(file, policy::child_path("rules", index), warnings);
    return warnings;
}

}  // namespace approvekit
