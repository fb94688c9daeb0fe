#include "approvekit/decision_statement.hpp"

#include "approvekit/digest.hpp"
#include "approvekit/error.hpp"
#include "record/answers.hpp"
#include "record/edits.hpp"
#include "record/grant_terms.hpp"

#include <utility>

namespace approvekit {
namespace {

constexpr std::string_view version_1 = "approvekit decision 1";
constexpr std::string_view version_2 = "approvekit decision 2";
constexpr std::string_view version_3 = "approvekit decision 3";
constexpr std::string_view version_4 = "approvekit decision 4";

/// Throws Json::exception if a member is missing or of another type.
std::optional<DecisionStatement> read_statement(const Json& json) {
    const auto text = [&](const char* name) { return json.at(name).get<std::string>(); };
    const auto verdict = parse_verdict(text("verdict"));
    const auto expires_at = parse_time(text("expires_at"));
    const auto shown = json.contains("shown") ? parse_shown(text("shown")) : std::nullopt;
    const auto text_or_nothing = [&](const char* name) {
        return json.contains(name) ? std::optional(text(name)) : std::nullopt;
    };
    if (!verdict || !expires_at) return std::nullopt;
    return DecisionStatement{.request_id = text("request_id"),
                             .nonce = text("nonce"),
                             .action_digest = text("action_digest"),
                             .view_digest = text("view_digest"),
                             .policy_digest = text("policy_digest"),
                             .verdict = *verdict,
                             .reviewer = text("reviewer"),
                             .notes_digest = text("notes_digest"),
                             .expires_at = *expires_at,
                             .shown = shown,
                             .edited_view = text_or_nothing("edited_view"),
                             .grant_digest = text_or_nothing("grant_digest"),
                             .answer_digest = text_or_nothing("answer")};
}

}  // namespace

DecisionStatement DecisionStatement::on(const ApprovalRequest& request, const Decision& decision) {
    return {.request_id = request.id,
            .nonce = request.nonce,
            .action_digest = request.action_digest,
            .view_digest = approvekit::view_digest(request),
            .policy_digest = request.policy_digest,
            .verdict = decision.verdict,
            .reviewer = decision.reviewer,
            .notes_digest = to_hex(digest_of(decision.notes)),
            .expires_at = request.deadline.value_or(request.created_at),
            .shown = decision.shown,
            .edited_view = decision.edits.is_null()
                               ? std::nullopt
                               : std::optional(record::edited_view_digest(request, decision.edits)),
            .grant_digest = decision.grant ? std::optional(record::digest_of_grant(*decision.grant)) : std::nullopt,
            .answer_digest =
                decision.answer.is_null() ? std::nullopt : std::optional(record::answer_digest(decision.answer))};
}

std::string DecisionStatement::text() const {
    const bool is_version_4 = grant_digest || answer_digest;
    Json statement = {{"statement", is_version_4  ? version_4
                                    : edited_view ? version_3
                                    : shown       ? version_2
                                                  : version_1},
                      {"request_id", request_id},
                      {"nonce", nonce},
                      {"action_digest", action_digest},
                      {"view_digest", view_digest},
                      {"policy_digest", policy_digest},
                      {"verdict", to_string(verdict)},
                      {"reviewer", reviewer},
                      {"notes_digest", notes_digest},
                      {"expires_at", to_text(expires_at)}};
    if (shown) statement["shown"] = to_string(*shown);
    if (edited_view) statement["edited_view"] = *edited_view;
    if (grant_digest) statement["grant_digest"] = *grant_digest;
    if (answer_digest) statement["answer"] = *answer_digest;
    return canonical_json(statement);
}

std::optional<DecisionStatement> DecisionStatement::parse(std::string_view text) {
    try {
        auto statement = read_statement(parse_json(text));
        return statement && statement->text() == text ? std::move(statement) : std::nullopt;
    } catch (const ArgumentsRefusedError&) {
        return std::nullopt;
    } catch (const Json::exception&) {
        return std::nullopt;
    }
}

}  // namespace approvekit
