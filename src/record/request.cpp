#include "approvekit/request.hpp"

#include "approvekit/digest.hpp"
#include "base/enum_names.hpp"
#include "json/json_view.hpp"
#include "json/strict_reader.hpp"
#include "record/start_window.hpp"

namespace approvekit {
namespace {

constexpr base::EnumNames<ApprovalStatus, 6> status_names({
    {ApprovalStatus::pending, "pending"},
    {ApprovalStatus::approved, "approved"},
    {ApprovalStatus::rejected, "rejected"},
    {ApprovalStatus::timeout, "timeout"},
    {ApprovalStatus::cancelled, "cancelled"},
    {ApprovalStatus::answered, "answered"},
});

constexpr base::EnumNames<RunState, 5> run_names({
    {RunState::none, "none"},
    {RunState::running, "running"},
    {RunState::executed, "executed"},
    {RunState::failed, "failed"},
    {RunState::unknown, "unknown"},
});

}  // namespace

std::string_view to_string(ApprovalStatus status) noexcept {
    return status_names.text(status);
}

std::string_view to_string(RunState state) noexcept {
    return run_names.text(state);
}

std::optional<ApprovalStatus> parse_approval_status(std::string_view text) noexcept {
    return status_names.value(text);
}

std::optional<RunState> parse_run_state(std::string_view text) noexcept {
    return run_names.value(text);
}

std::string ApprovalRequest::risk_level() const {
    const auto found = metadata.find(risk_level_key);
    return found != metadata.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<std::chrono::seconds> ApprovalRequest::start_within() const {
    return ours ? record::start_window_in(metadata) : std::nullopt;
}

std::optional<Quorum> ApprovalRequest::quorum() const {
    return ours ? Quorum::in(metadata) : std::nullopt;
}

std::map<std::string, std::string> ApprovalRequest::signers() const {
    std::map<std::string, std::string> signers;
    const auto found = metadata.find(signers_key);
    if (found == metadata.end() || !found->is_object()) return signers;
    for (const auto& [name, key] : found->items())
        signers.emplace(name, key.is_string() ? key.get<std::string>() : std::string());
    return signers;
}

namespace {

Json seconds_json(const std::optional<std::chrono::microseconds>& time) {
    if (!time) return nullptr;
    return std::chrono::duration<double>(std::chrono::floor<std::chrono::milliseconds>(*time)).count();
}

Json count_json(const std::optional<std::chrono::seconds>& time) {
    return time ? Json(time->count()) : Json();
}

Json quorum_json(const ApprovalRequest& request) {
    const auto quorum = request.quorum();
    if (!quorum) return nullptr;
    Json escalate;
    if (quorum->escalation) {
        escalate = {{escalate_after_key, quorum->escalation->after.count()}, {escalate_to_key, quorum->escalation->to}};
    }
    return {{approvals_key, quorum->approvals},
            {"missing", quorum->missing(request.votes)},
            {reviewers_key, quorum->reviewers},
            {not_requester_key, json::text_or_null(quorum->requester)},
            {escalate_key, std::move(escalate)}};
}

Json votes_json(const std::vector<Vote>& votes) {
    Json list = Json::array();
    for (const Vote& vote : votes)
        list.push_back(to_json_view(vote));
    return list;
}

Json edited_json(const std::optional<ApprovedEdit>& edited) {
    if (!edited) return nullptr;
    return {{"edits", edited->edits}, {"tool_args", edited->tool_args}, {"view_digest", edited->view_digest}};
}

Json grantable_json(const std::optional<PolicyGrants>& grants) {
    if (!grants) return nullptr;
    return {{"uses", grants->uses}, {"for", grants->lasts.count()}, {"bounds", grants->bounds}};
}

Json submitted_json(const std::optional<SubmittedView>& submitted) {
    if (!submitted) return nullptr;
    return {{"tool_name", submitted->tool_name},
            {"tool_args", submitted->tool_args},
            {"created_at", to_text(submitted->created_at)},
            {"metadata", submitted->metadata}};
}

}  // namespace

Json to_json_view(const ApprovalRequest& request) {
    return {
        {"id", request.id},
        {"tool_name", request.tool_name},
        {"tool_args", request.tool_args},
        {"status", to_string(request.status)},
        {"created_at", to_text(request.created_at)},
        {"reviewed_at", json::text_or_null(request.reviewed_at)},
        {"reviewer_notes", json::text_or_null(request.reviewer_notes)},
        {"metadata", request.metadata},
        {"deadline", json::text_or_null(request.deadline)},
        {"agent", json::text_or_null(request.agent)},
        {"nonce", json::text_or_null(request.nonce)},
        {"action_digest", json::text_or_null(request.action_digest)},
        {"view_digest", json::text_or_null(request.view_digest)},
        {"policy_digest", json::text_or_null(request.policy_digest)},
        {"redactions", request.redactions},
        {"reviewer", json::text_or_null(request.reviewer)},
        {"way", json::text_or_null(request.way)},
        {"run", to_string(request.run)},
        {"run_note", json::text_or_null(request.run_note)},
        {"seconds_left", seconds_json(request.time_left)},
        {"start_within", count_json(request.start_within())},
        {"start_by", json::text_or_null(request.start_by)},
        {"started_at", json::text_or_null(request.started_at)},
        {"finished_at", json::text_or_null(request.finished_at)},
        {"session", request.session},
        {"awaits_agent", request.awaits_agent},
        {"quorum", quorum_json(request)},
        {"votes", votes_json(request.votes)},
        {"editable", request.editable()},
        {"grantable", grantable_json(request.grantable())},
        {"edited", edited_json(request.edited)},
        {"answerable", request.answerable()},
        {"answer", request.answer},
        {"submitted", submitted_json(request.submitted)},
        {"ours", request.ours},
    };
}

std::string view_digest(const ApprovalRequest& request) {
    const std::string deadline = request.deadline ? to_text(*request.deadline) : std::string();
    return to_hex(digest_of_fields({
        "approvekit view 1",
        request.id,
        request.tool_name,
        request.agent,
        canonical_json(request.tool_args, json::any_size),
        to_text(request.created_at),
        canonical_json(request.metadata, json::any_size),
        canonical_json(request.redactions, json::any_size),
        deadline,
        request.nonce,
        request.action_digest,
        request.policy_digest,
    }));
}

}  // namespace approvekit
