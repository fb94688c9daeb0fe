#include "approvekit/policy.hpp"

#include "approvekit/digest.hpp"
#include "json/exportable.hpp"
#include "policy/draft.hpp"
#include "policy/json_source.hpp"
#include "policy/problems.hpp"
#include "policy/reviewer_reader.hpp"
#include "policy/rule_reader.hpp"
#include "policy/terms.hpp"
#include "text/fold.hpp"

#include <algorithm>
#include <mutex>
#include <unordered_map>
#include <utility>

namespace approvekit {

/// What a policy says and what follows from it. Never changes, so that copies of a policy can share it.
struct Policy::State {
    explicit State(policy::Terms given);
    [[nodiscard]] static std::shared_ptr<const State> of(policy::Terms terms) {
        return std::make_shared<const State>(std::move(terms));
    }

    [[nodiscard]] const Ruling& ruling_on(std::string_view tool_name) const noexcept;

    policy::Terms terms;
    PolicyRule fallback;
    std::vector<std::string> metadata;  // of each rule, then of the fallback
    std::unordered_map<std::string_view, Ruling> rulings;
    Ruling otherwise;

    mutable std::once_flag digest_made;
    mutable std::string digest;
};

Policy::State::State(policy::Terms given) : terms(std::move(given)), fallback(policy::fallback_rule(terms)) {
    metadata.reserve(terms.rules.size() + 1);
    rulings.reserve(terms.rules.size());
    const auto rule_on = [this](const PolicyRule& rule, Action action) {
        return Ruling{.action = action,
                      .rule = &rule,
                      .metadata = &metadata.emplace_back(exportable_json(policy::request_metadata(rule)))};
    };
    for (const PolicyRule& rule : terms.rules)
        rulings.emplace(rule.tool, rule_on(rule, policy::action_of(rule)));

    const auto for_any = rulings.find(any_tool);
    otherwise = for_any != rulings.end() ? for_any->second : rule_on(fallback, policy::fallback_action(terms));
}

const Ruling& Policy::State::ruling_on(std::string_view tool_name) const noexcept {
    const auto exact = rulings.find(tool_name);
    return exact == rulings.end() ? otherwise : exact->second;
}

namespace {

void throw_if_any(policy::Problems problems) {
    if (!problems.empty()) throw PolicyError(problems.take());
}

/// Everything that a rule in a file must be, a rule that was built in code must be too.
PolicyRule checked(const PolicyRule& rule) {
    policy::Problems problems;
    PolicyRule read;
    if (const auto document = policy::as_document(policy::as_json(rule), problems)) {
        read = policy::RuleReader(problems).read(*document, "rule", rule.timeout);
    }
    throw_if_any(std::move(problems));
    return read;
}

}  // namespace

Policy::Policy() : state_(State::of({})) {}

Policy::Policy(std::shared_ptr<const State> state) noexcept : state_(std::move(state)) {}

Policy Policy::from_json(const Json& value) {
    return Policy(State::of(policy::accepted(policy::draft_from_json(value))));
}

Policy Policy::from_file(const std::filesystem::path& path) {
    return Policy(State::of(policy::accepted(policy::draft_from_file(path))));
}

Policy Policy::from_yaml_text(std::string_view text, std::string_view name) {
    return Policy(State::of(policy::accepted(policy::draft_from_text(text, policy::Format::yaml, std::string(name)))));
}

Policy Policy::from_json_text(std::string_view text, std::string_view name) {
    return Policy(State::of(policy::accepted(policy::draft_from_text(text, policy::Format::json, std::string(name)))));
}

Policy& Policy::add_rule(PolicyRule rule) {
    rule = checked(rule);
    const auto is_same = [tool = composed(rule.tool)](const PolicyRule& other) { return composed(other.tool) == tool; };
    if (std::any_of(rules().begin(), rules().end(), is_same)) {
        policy::Problems problems;
        problems.add(0, "rule.tool", policy::quote(rule.tool) + " has a rule already; which one would count?");
        throw_if_any(std::move(problems));
    }
    policy::Terms terms = state_->terms;
    terms.rules.push_back(std::move(rule));
    state_ = State::of(std::move(terms));
    return *this;
}

Policy& Policy::set_default_timeout(std::chrono::seconds timeout) {
    policy::Problems problems;
    if (const auto number = policy::as_document(timeout.count(), problems)) {
        policy::ValueReader(problems).timeout(*number, "default_timeout");
    }
    throw_if_any(std::move(problems));
    policy::Terms terms = state_->terms;
    terms.default_timeout = timeout;
    state_ = State::of(std::move(terms));
    return *this;
}

Policy& Policy::set_unmatched(Unmatched unmatched) {
    policy::Terms terms = state_->terms;
    terms.unmatched = unmatched;
    state_ = State::of(std::move(terms));
    return *this;
}

Policy& Policy::set_reviewers(std::vector<TrustedReviewer> reviewers) {
    policy::Problems problems;
    const auto list = policy::as_document(policy::as_json(reviewers), problems);
    if (list && !reviewers.empty()) reviewers = policy::ReviewerReader(problems).read(*list, "reviewers");
    throw_if_any(std::move(problems));
    policy::Terms terms = state_->terms;
    terms.reviewers = std::move(reviewers);
    state_ = State::of(std::move(terms));
    return *this;
}

Ruling Policy::evaluate(std::string_view tool_name) const noexcept {
    return state_->ruling_on(tool_name);
}

const std::vector<PolicyRule>& Policy::rules() const noexcept {
    return state_->terms.rules;
}

std::chrono::seconds Policy::default_timeout() const noexcept {
    return state_->terms.default_timeout;
}

Unmatched Policy::unmatched() const noexcept {
    return state_->terms.unmatched;
}

const std::vector<TrustedReviewer>& Policy::reviewers() const noexcept {
    return state_->terms.reviewers;
}

Json Policy::as_json() const {
    return policy::as_json(state_->terms);
}

const std::string& Policy::digest() const {
    std::call_once(state_->digest_made, [this] {
        const JsonLimits no_limits{.bytes = std::string::npos, .depth = std::string::npos};
        state_->digest = to_hex(digest_of(canonical_json(as_json(), no_limits)));
    });
    return state_->digest;
}

}  // namespace approvekit
