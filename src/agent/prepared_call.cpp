#include "agent/prepared_call.hpp"

#include "approvekit/error.hpp"
#include "approvekit/metadata_keys.hpp"
#include "approvekit/quorum.hpp"
#include "keys/reviewer_name.hpp"
#include "record/start_window.hpp"
#include "text/utf8.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace approvekit::detail {
namespace {

constexpr std::array<std::string_view, 4> known_risks{"low", "medium", "high", "critical"};

auto rank_of_risk(std::string_view risk) {
    return std::find(known_risks.begin(), known_risks.end(), risk) - known_risks.begin();
}

/// Whether the call's risk level replaces the policy's. A label that the policy made up stays, since nobody knows its
/// rank.
bool raises_risk(const Call* call, const Json& metadata) {
    if (call == nullptr || call->risk_level.empty()) return false;
    const auto policy = metadata.find(risk_level_key);
    if (policy == metadata.end() || !policy->is_string()) return true;
    const auto rank = rank_of_risk(policy->get_ref<const std::string&>());
    return rank < std::ssize(known_risks) && rank_of_risk(call->risk_level) > rank;
}

}  // namespace

bool CallMetadata::is_empty() const {
    const bool has_limits = call != nullptr && (call->timeout || call->start_within || !call->risk_level.empty());
    return context.is_null() && !has_limits && !use && grant.is_null() && std::is_sorted(order.begin(), order.end());
}

Json CallMetadata::added_to(const std::string& policy_text, std::chrono::seconds timeout) const {
    Json metadata = Json::parse(policy_text);
    if (!context.is_null()) metadata[context_key] = context;
    if (!std::is_sorted(order.begin(), order.end())) metadata[argument_order_key] = order;
    if (use) metadata[limit_key] = is_held ? to_json_view_with_share(*use) : to_json_view(*use, is_beyond_limit);
    if (!grant.is_null()) metadata[grant_key] = grant;
    if (raises_risk(call, metadata)) metadata[risk_level_key] = call->risk_level;
    if (const auto shorter = shorter_timeout(call, timeout); shorter < timeout) metadata[timeout_key] = shorter.count();
    if (call != nullptr && call->start_within) {
        // If the policy sets no window, this is the longest one that loosens none of its approvals.
        const auto window = record::start_window_in(metadata).value_or(usual_start_window);
        metadata[start_within_key] = std::min(*call->start_within, window).count();
    }
    return metadata;
}

std::chrono::seconds shorter_timeout(const Call* call, std::chrono::seconds timeout) {
    return call != nullptr && call->timeout ? std::min(*call->timeout, timeout) : timeout;
}

void shorten_reason(Json& context) {
    constexpr std::size_t most_bytes = 4096;
    if (!context.is_object()) return;
    const auto why = context.find("why");
    if (why != context.end() && why->is_string()) *why = text::shortened(why->get<std::string>(), most_bytes);
}

namespace {

/// Returns the requester's name as reviewers see it.
std::string shown_requester(const Json& metadata) {
    const auto context = metadata.find(context_key);
    if (context == metadata.end() || !context->is_object()) return "";
    const auto name = context->find("requested_by");
    return name != context->end() && name->is_string() ? name->get<std::string>() : "";
}

/// Throws if fewer people may approve than have to.
void require_others(const Json& metadata, const std::string& tool_name) {
    Quorum quorum = *Quorum::in(metadata);
    // If the rule names nobody, everybody who signs may approve.
    const auto signers = metadata.find(signers_key);
    if (quorum.reviewers.empty() && signers != metadata.end()) {
        for (const auto& [name, key] : signers->items())
            quorum.reviewers.push_back(name);
    }
    if (quorum.reviewers.empty()) return;
    // The circle at its largest.
    const Time ever = Time{} + std::chrono::seconds(quorum.escalation ? quorum.escalation->after.count() : 0);
    const std::size_t others = quorum.circle(Time{}, ever).size();
    if (others >= quorum.approvals) return;
    throw ArgumentsRefusedError("its rule needs " + std::to_string(quorum.approvals) +
                                    " approvals from people other than " + quorum.requester + ", and only " +
                                    std::to_string(others) + (others == 1 ? " other person" : " other people") +
                                    " may approve; add reviewers to the rule, or ask for somebody else",
                                tool_name);
}

}  // namespace

void name_requester(Json& metadata, const std::string& tool_name, const Call* call) {
    const auto quorum = metadata.find(quorum_key);
    if (quorum == metadata.end() || !quorum->contains(not_requester_key)) return;
    const std::string name = call == nullptr ? std::string() : call->requested_by;
    if (name.empty()) {
        throw ArgumentsRefusedError(
            "its rule excludes the requester from voting, and the call does not say who that is; set "
            "Call::requested_by",
            tool_name);
    }
    if (const std::string fault = keys::fault_of_reviewer_name(name); !fault.empty()) {
        throw ArgumentsRefusedError("its rule excludes the requester from voting, and the name in Call::requested_by " +
                                        fault +
                                        ", so no reviewer can have it; set it to the one under which they decide",
                                    tool_name);
    }
    if (shown_requester(metadata) != name) {
        throw ArgumentsRefusedError(
            "its rule excludes the requester from voting, and the policy hides who that is; leave requested_by out of "
            "redact_fields",
            tool_name);
    }
    (*quorum)[not_requester_key] = name;
    require_others(metadata, tool_name);
}

}  // namespace approvekit::detail
