#include "agent/requester.hpp"

#include "approvekit/error.hpp"
#include "approvekit/metadata_keys.hpp"
#include "approvekit/quorum.hpp"
#include "keys/reviewer_name.hpp"

namespace approvekit::detail {
namespace {

/// What reviewers see of the name.
std::string shown_requester(const Json& metadata) {
    const auto context = metadata.find(context_key);
    if (context == metadata.end() || !context->is_object()) return "";
    const auto name = context->find("requested_by");
    return name != context->end() && name->is_string() ? name->get<std::string>() : "";
}

/// Throws where fewer people than have to approve may.
void require_others(const Json& metadata, const std::string& tool_name) {
    Quorum quorum = *Quorum::in(metadata);
    // Whoever signs may approve where the rule names nobody.
    const auto signers = metadata.find(signers_key);
    if (quorum.reviewers.empty() && signers != metadata.end()) {
        for (const auto& [name, key] : signers->items())
            quorum.reviewers.push_back(name);
    }
    if (quorum.reviewers.empty()) return;
    // As many as there will ever be.
    const Time ever = Time{} + std::chrono::seconds(quorum.escalation ? quorum.escalation->after.count() : 0);
    const std::size_t others = quorum.circle(Time{}, ever).size();
    if (others >= quorum.approvals) return;
    throw ArgumentsRefusedError("its rule takes " + std::to_string(quorum.approvals) + " approvals by others than " +
                                    quorum.requester + ", and only " + std::to_string(others) +
                                    " may give one; add reviewers to the rule, or ask for somebody else",
                                tool_name);
}

}  // namespace

void name_requester(Json& metadata, const std::string& tool_name, const Call* call) {
    const auto quorum = metadata.find(quorum_key);
    if (quorum == metadata.end() || !quorum->contains(not_requester_key)) return;
    const std::string name = call == nullptr ? std::string() : call->requested_by;
    if (name.empty()) {
        throw ArgumentsRefusedError(
            "its rule gives whoever asks no vote, and the call does not say who that is; set Call::requested_by",
            tool_name);
    }
    if (const std::string fault = keys::fault_of_reviewer_name(name); !fault.empty()) {
        throw ArgumentsRefusedError("its rule gives whoever asks no vote, and the name in Call::requested_by " + fault +
                                        ", so that it is no reviewer's; set it to the one under which they decide",
                                    tool_name);
    }
    if (shown_requester(metadata) != name) {
        throw ArgumentsRefusedError(
            "its rule gives whoever asks no vote, and the policy hides who that is; leave requested_by out of "
            "redact_fields",
            tool_name);
    }
    (*quorum)[not_requester_key] = name;
    require_others(metadata, tool_name);
}

}  // namespace approvekit::detail
