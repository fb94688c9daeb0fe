#include "agent/own_call.hpp"

#include "approvekit/call.hpp"
#include "approvekit/call_edit.hpp"
#include "approvekit/detail/run_stop.hpp"
#include "approvekit/digest.hpp"
#include "approvekit/error.hpp"
#include "approvekit/metadata_keys.hpp"
#include "json/strict_reader.hpp"

#include <algorithm>

namespace approvekit::detail {
namespace {

constexpr std::string_view commitment_version = "approvekit keyed call 1";

/// Returns what binds a request besides its arguments: all of the metadata except what a restarted model words
/// differently.
Json binding_part_of(Json metadata) {
    if (!metadata.is_object()) return metadata;
    metadata.erase(asked_before_key);
    metadata.erase(grant_key);             // it may have changed since
    metadata.erase(hidden_arguments_key);  // it differs for each request
    const auto context = metadata.find(context_key);
    if (context == metadata.end() || !context->is_object()) return metadata;
    context->erase("why");
    context->erase("conversation");
    return metadata;
}

/// Ignores fingerprints, since they differ between processes.
bool hide_the_same(const std::vector<Redaction>& left, const std::vector<Redaction>& right) {
    return std::equal(left.begin(), left.end(), right.begin(), right.end(), [](const auto& one, const auto& other) {
        return one.path == other.path && one.type == other.type && one.length == other.length;
    });
}

bool is_bound_alike(const ApprovalRequest& own, const ApprovalRequest& stored) {
    return stored.ours && !stored.submitted && stored.tool_name == own.tool_name &&
           stored.policy_digest == own.policy_digest && stored.deadline && *stored.deadline <= *own.deadline &&
           view_digest(stored) == stored.view_digest &&
           binding_part_of(stored.metadata) == binding_part_of(own.metadata) &&
           hide_the_same(stored.redactions, own.redactions);
}

/// If so, nothing that reviewers see can come from another program, except times that fit.
bool shows_the_same(const ApprovalRequest& own, const ApprovalRequest& stored) {
    Json metadata = own.metadata;
    metadata.erase(asked_before_key);
    metadata.erase(grant_key);
    return stored.agent == own.agent && stored.metadata == metadata &&
           *stored.deadline - stored.created_at == *own.deadline - own.created_at;
}

}  // namespace

KeyedCall keyed(const OwnCall& call) {
    const CallCommitment plain{
        "", to_hex(digest_of_fields({commitment_version, call.key, call.tool_name, call.canonical}))};
    const CallCommitment secret{
        call.secret.id(),
        to_hex(call.secret.key().authenticate({commitment_version, call.key, call.tool_name, call.canonical}))};
    KeyedCall result;
    result.key = call.key;
    result.tool_name = call.tool_name;
    if (call.hides) {
        result.commitments = {secret, plain};
    } else {
        result.commitments = {plain, secret};
    }
    return result;
}

ActionCommitment commitment_to(const OwnCall& call, const ApprovalRequest& shown) {
    ApprovalRequest view = shown;
    view.action_digest.clear();
    return {call.secret.key(), view_digest(view), call.tool_name, call.canonical};
}

void seal(const OwnCall& call, ApprovalRequest& request) {
    request.action_digest = commitment_to(call, request).digest();
    request.view_digest = view_digest(request);
}

bool would_submit(const OwnCall& call, const ApprovalRequest& own, const ApprovalRequest& stored) {
    try {
        if (!is_bound_alike(own, stored)) return false;
        if (canonical_json(stored.tool_args, json::any_size) != canonical_json(own.tool_args, json::any_size))
            return false;
        if (commitment_to(call, stored).digest() == stored.action_digest) return true;
        // The secret of the process that asked is gone with that process, so what is shown has to prove itself.
        if (call.secret_lasts || call.hides || !stored.redactions.empty()) return false;
        // A circle widens with the age of the request, and nothing else commits to the time at which it was made.
        if (const auto quorum = own.quorum(); quorum && quorum->escalation) return false;
        return own.signers().empty() || shows_the_same(own, stored);
    } catch (const ArgumentsRefusedError&) {
        return false;  // another program made something of the row that has no canonical form
    }
}

namespace {

std::string earlier_edit(const KeyedAnswer& answer, const CallScrubber& scrubber) {
    if (!answer.request || !answer.request->edited) return {};
    return scrubber.scrub(CallEdit{answer.request->reviewer, answer.request->edited->edits}.text_for_model());
}

std::exception_ptr earlier_end(const KeyedAnswer& answer, const std::string& tool_name, const CallScrubber& scrubber) {
    if (answer.run != RunState::none) {
        const bool ran_to_end = answer.run == RunState::executed && !tells_of_a_stop(answer.note);
        return std::make_exception_ptr(AlreadyRanError(tool_name, answer.request_id, to_string(answer.run),
                                                       scrubber.scrub(answer.note), ran_to_end,
                                                       earlier_edit(answer, scrubber)));
    }
    if (!answer.request) {
        return std::make_exception_ptr(
            StorageError(ErrorCode::storage_corrupt,
                         tool_name + ": the storage says that the call has ended, but does not say how"));
    }
    const ApprovalRequest& request = *answer.request;
    if (request.status == ApprovalStatus::rejected) {
        return std::make_exception_ptr(ApprovalRejectedError(tool_name, request.id, request.reviewer,
                                                             scrubber.scrub(request.reviewer_notes.value_or(""))));
    }
    if (request.status == ApprovalStatus::answered) {
        return std::make_exception_ptr(
            RequestAlteredError(tool_name, request.id,
                                "a reviewer answered it when it was asked with the same idempotency key, and the "
                                "policy does not have it held "
                                "any more, so that the answer cannot be vouched for; ask with another key"));
    }
    return std::make_exception_ptr(ApprovalTimeoutError(
        tool_name, request.id, "it was asked before with the same idempotency key, and its time was up"));
}

}  // namespace

std::exception_ptr refusal_of(const KeyedAnswer& answer, const std::string& tool_name, const CallScrubber& scrubber) {
    switch (answer.kind) {
        case KeyedAnswer::Kind::ended:
            return earlier_end(answer, tool_name, scrubber);
        case KeyedAnswer::Kind::conflict:
            return std::make_exception_ptr(KeyConflictError(tool_name, answer.request_id));
        default:
            return std::make_exception_ptr(KeyInUseError(tool_name, answer.request_id));
    }
}

}  // namespace approvekit::detail
