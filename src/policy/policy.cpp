#include "approvekit/policy.hpp"

#include "approvekit/digest.hpp"
#include "approvekit/policy_explanation.hpp"
#include "policy/circle.hpp"
#include "policy/document.hpp"
#include "policy/draft.hpp"
#include "policy/limit.hpp"
#include "policy/reviewer_reader.hpp"
#include "policy/rule_book.hpp"
#include "policy/rule_clashes.hpp"
#include "policy/rule_reader.hpp"
#include "policy/terms.hpp"

#include <mutex>
#include <utility>

namespace approvekit {

/// What a policy says, and what follows from it. Never changes, so that copies of a policy can share it.
struct Policy::State {
    explicit State(policy::Terms given);
    [[nodiscard]] static std::shared_ptr<const State> of(policy::Terms terms) {
        return std::make_shared<const State>(std::move(terms));
    }

    policy::Terms terms;
    policy::RuleBook book;

    mutable std::once_flag digest_made;
    mutable std::string digest;
};

Policy::State::State(policy::Terms given) : terms(std::move(given)), book(terms) {}

namespace {

void throw_if_any(policy::Problems problems) {
    if (!problems.empty()) throw PolicyError(problems.take());
}

void throw_if_faulty(const policy::Terms& terms) {
    policy::Problems problems;
    for (const policy::CircleFault& fault : policy::find_circle_faults(terms))
        problems.add(0, fault.path(), fault.message);
    for (const policy::LimitFault& fault : policy::find_limit_faults(terms.rules))
        problems.add(0, fault.path(), fault.message);
    throw_if_any(std::move(problems));
}

/// A rule that was built in code must meet every requirement for a rule in a file.
policy::ReadRule checked(const PolicyRule& rule) {
    policy::Problems problems;
    policy::ReadRule read;
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
    policy::ReadRule read = checked(rule);
    policy::Terms terms = state_->terms;
    terms.rules.push_back(std::move(read.rule));
    terms.conditions.push_back(std::move(read.condition));
    policy::Problems problems;
    for (const policy::Clash& clash : policy::find_clashes(terms.rules)) {
        problems.add(0, "rule" + clash.member, clash.message);
    }
    throw_if_any(std::move(problems));
    throw_if_faulty(terms);
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

Policy& Policy::set_groups(ReviewerGroups groups) {
    policy::Problems problems;
    const auto mapping = policy::as_document(groups, problems);
    if (mapping) groups = policy::QuorumReader(problems).groups(*mapping, "groups");
    throw_if_any(std::move(problems));
    policy::Terms terms = state_->terms;
    terms.groups = std::move(groups);
    throw_if_faulty(terms);
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
    throw_if_faulty(terms);
    state_ = State::of(std::move(terms));
    return *this;
}

Ruling Policy::evaluate(std::string_view tool_name) const {
    return state_->book.ruling_on(tool_name, nullptr);
}

Ruling Policy::evaluate(std::string_view tool_name, const CallFacts& facts) const {
    return state_->book.ruling_on(tool_name, &facts);
}

Ruling Policy::evaluate(std::string_view tool_name, const Json& arguments, const Json& context) const {
    return evaluate(
        tool_name,
        CallFacts{
            .arguments = arguments, .context = context, .agent = {}, .environment = {}, .time = SystemClock().now()});
}

PolicyExplanation Policy::explain(std::string_view tool_name, const CallFacts& facts) const {
    return state_->book.explain(tool_name, facts);
}

std::vector<std::size_t> Policy::rules_of(std::string_view tool_name) const {
    return state_->book.own_rules(tool_name);
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

const ReviewerGroups& Policy::groups() const noexcept {
    return state_->terms.groups;
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
