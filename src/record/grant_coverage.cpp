#include "record/grant_coverage.hpp"

#include "approvekit/digest.hpp"
#include "approvekit/error.hpp"
#include "approvekit/metadata_keys.hpp"
#include "json/strict_reader.hpp"
#include "policy/condition.hpp"
#include "policy/condition_reader.hpp"
#include "policy/document.hpp"
#include "record/edits.hpp"
#include "record/grant_terms.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace approvekit::record {

namespace {

constexpr const char* secret_member = "secret";
constexpr const char* digest_member = "digest";

/// The metadata that identifies a rule in its requests. A call that itself declares a higher risk also counts as
/// different.
constexpr std::array rule_keys{matched_rule_key, grants_key,           redact_fields_key,
                               allow_edit_key,   require_approval_key, risk_level_key};

Json* place_of(const std::string& path, Json& arguments) {
    const auto subject = policy::Subject::parse(path);
    return subject ? subject->find_in(arguments) : nullptr;
}

void leave_out(const std::string& path, Json& arguments) {
    if (Json* const place = place_of(path, arguments)) *place = nullptr;
}

/// Returns the arguments that may differ or be edited, according to the metadata of a request.
std::vector<std::string> open_paths(const Json& metadata) {
    std::vector<std::string> paths;
    if (const auto most = grants_in(metadata)) paths = most->bounds;
    const Json editable = metadata.is_object() ? metadata.value(allow_edit_key, Json()) : Json();
    for (const Json& path : editable) {
        if (path.is_string()) paths.push_back(path.get<std::string>());
    }
    return paths;
}

/// Returns the digest of the true arguments of a call with this request. What may differ or be edited is left out,
/// unless it lies within a hidden value: nobody has seen it there, so it must be the same.
std::string hidden_digest(const AgentSecret& secret, std::string_view nonce, const ApprovalRequest& request,
                          Json arguments) {
    Json shown = request.tool_args;
    for (const std::string& path : open_paths(request.metadata)) {
        if (place_of(path, shown) != nullptr) leave_out(path, arguments);
    }
    return to_hex(secret.key().authenticate(
        {"approvekit hidden arguments 1", nonce, request.tool_name, canonical_json(arguments, json::any_size)}));
}

bool is_same(const Json& one, const Json& other) {
    return canonical_json(one, json::any_size) == canonical_json(other, json::any_size);
}

NotCovered differs(std::string reason) {
    return {std::move(reason), false};
}

NotCovered near_miss(std::string reason) {
    return {std::move(reason), true};
}

bool is_of_same_rule(const Json& granted, const Json& wanted) {
    return std::all_of(rule_keys.begin(), rule_keys.end(),
                       [&](const char* key) { return is_same(granted.value(key, Json()), wanted.value(key, Json())); });
}

/// Compares the arguments of a granted call and a wanted call.
class ArgumentComparison {
public:
    ArgumentComparison(const GivenGrant& given, const WantedCall& wanted)
        : given_(given),
          call_(wanted),
          granted_(approved_arguments(given.request, given.decision)),
          wanted_(wanted.request.tool_args) {}

    [[nodiscard]] std::optional<NotCovered> run() {
        const GrantTerms& terms = given_.grant.terms;
        for (const std::string& path : terms.free) {
            if (!leave_out_of_both(path)) return differs("the call has no " + path);
        }
        if (auto objection = compare_bounds(terms)) return objection;
        if (!is_same(granted_, wanted_)) return differs("its arguments are others");
        return compare_hidden();
    }

private:
    [[nodiscard]] bool leave_out_of_both(const std::string& path) {
        Json* const granted = place_of(path, granted_);
        Json* const wanted = place_of(path, wanted_);
        if (granted == nullptr || wanted == nullptr) return false;
        *granted = nullptr;
        *wanted = nullptr;
        return true;
    }

    [[nodiscard]] std::optional<NotCovered> compare_bounds(const GrantTerms& terms) {
        if (terms.bounds.empty()) return std::nullopt;
        for (const auto& [path, bound] : terms.bounds.items()) {
            const Json* const place = place_of(path, wanted_);
            if (place != nullptr && holds_hidden(*place))
                return near_miss("what is hidden of " + path + " is not held against a bound");
            if (!leave_out_of_both(path)) return differs("the call has no " + path);
        }
        std::string fault;
        const auto bounds = GrantBounds::read(terms.bounds, fault);
        if (!bounds) return differs("its bounds cannot be read: " + fault);
        if (!bounds->hold_for(call_.arguments)) return differs("the call is not within its bounds");
        return std::nullopt;
    }

    /// Called when the shown arguments are known to be equal.
    [[nodiscard]] std::optional<NotCovered> compare_hidden() {
        const ApprovalRequest& granted = given_.request;
        const Json mark = granted.metadata.value(hidden_arguments_key, Json());
        const bool hides = !mark.is_null() || !is_same(call_.request.tool_args, call_.arguments);
        if (!hides) return std::nullopt;
        for (const std::string& path : open_paths(granted.metadata)) {
            const Json* const place = place_of(path, wanted_);
            if (place != nullptr && holds_hidden(*place))
                return near_miss("what is hidden of " + path + " cannot be compared, since it may differ or be edited");
        }
        const std::string secret = mark.is_object() ? mark.value(secret_member, std::string()) : std::string();
        if (call_.secret == nullptr || secret != call_.secret->id())
            return near_miss(
                "what is hidden of its arguments cannot be compared: it was granted to an agent with "
                "another secret, or with none that lasts");
        const std::string digest = hidden_digest(*call_.secret, granted.nonce, call_.request, call_.arguments);
        if (mark.value(digest_member, std::string()) == digest) return std::nullopt;
        return near_miss("what is hidden of its arguments is something else");
    }

    const GivenGrant& given_;
    const WantedCall& call_;
    Json granted_;
    Json wanted_;
};

}  // namespace

struct GrantBounds::Tests {
    policy::Condition condition;
};

std::optional<GrantBounds> GrantBounds::read(const Json& bounds, std::string& fault) {
    policy::Problems problems;
    const auto node = policy::as_document(bounds, problems);
    auto condition = node ? policy::ConditionReader(problems).read(*node, "bounds") : std::nullopt;
    const auto found = problems.take();
    if (condition && found.empty()) {
        return GrantBounds(std::make_shared<const Tests>(Tests{*std::move(condition)}));
    }
    fault = found.empty() ? "its bounds are not tests" : found.front().path + " " + found.front().message;
    return std::nullopt;
}

bool GrantBounds::hold_for(const Json& arguments) const {
    static const Json nothing = Json::object();
    const CallFacts facts{.arguments = arguments, .context = nothing, .agent = {}, .environment = {}, .time = {}};
    return tests_->condition.judge(facts) == policy::Truth::yes;
}

Json hidden_arguments_mark(const AgentSecret& secret, const ApprovalRequest& request, const Json& arguments) {
    return {{secret_member, secret.id()}, {digest_member, hidden_digest(secret, request.nonce, request, arguments)}};
}

std::optional<NotCovered> objection_to_use(const GivenGrant& given, const WantedCall& wanted) {
    const ApprovalRequest& granted = given.request;
    const ApprovalRequest& request = wanted.request;
    if (granted.tool_name != request.tool_name) return differs("it is for another tool");
    if (granted.agent != request.agent) return differs("it is for another agent");
    try {
        auto objection = ArgumentComparison(given, wanted).run();
        if (objection) return objection;
        if (!is_of_same_rule(granted.metadata, request.metadata))
            return near_miss("it was given under another rule, or what the rule says has changed since");
        // The rest of a rule, such as its conditions and limits, is in no request.
        if (granted.policy_digest != request.policy_digest)
            return near_miss("the policy has changed since it was given");
    } catch (const Json::exception&) {
        return differs("what the record has of it cannot be read");
    } catch (const Error&) {
        return differs("what the record has of it cannot be read");
    }
    const auto quorum = request.quorum();
    if (!quorum) return std::nullopt;
    const bool is_entitled =
        quorum->approvals == 1 && quorum->entitles(given.decision.reviewer, granted.created_at, given.grant.since);
    if (is_entitled) return std::nullopt;
    return near_miss(given.decision.reviewer + ", who granted it, has no vote on this call");
}

}  // namespace approvekit::record
