#include "approvekit/quorum.hpp"

#include "approvekit/metadata_keys.hpp"
#include "json/json_view.hpp"
#include "keys/reviewer_name.hpp"
#include "record/edits.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <set>
#include <utility>

namespace approvekit {
namespace {

/// Throws Json::exception if it is not a list of texts.
std::vector<std::string> names_in(const Json& quorum, const char* key) {
    return quorum.contains(key) ? quorum.at(key).get<std::vector<std::string>>() : std::vector<std::string>();
}

/// Throws Json::exception or returns nothing if it is not in the form that a policy writes.
std::optional<Quorum> read_quorum(const Json& json) {
    constexpr std::int64_t longest = 604'800;
    const auto approvals = json.at(approvals_key).get<std::int64_t>();
    if (approvals < 1) return std::nullopt;
    Quorum quorum;
    quorum.approvals = static_cast<std::size_t>(approvals);
    quorum.reviewers = names_in(json, reviewers_key);
    if (json.contains(not_requester_key)) quorum.requester = json.at(not_requester_key).get<std::string>();
    if (!json.contains(escalate_key)) return quorum;
    const Json& escalate = json.at(escalate_key);
    const auto after = escalate.at(escalate_after_key).get<std::int64_t>();
    if (after < 1 || after > longest) return std::nullopt;
    quorum.escalation = Quorum::Escalation{std::chrono::seconds(after), names_in(escalate, escalate_to_key)};
    return quorum;
}

Quorum unreachable_quorum() {
    Quorum quorum;
    quorum.approvals = std::numeric_limits<std::size_t>::max();
    return quorum;
}

}  // namespace

std::optional<Quorum> Quorum::in(const Json& metadata) {
    if (!metadata.is_object() || !metadata.contains(quorum_key)) return std::nullopt;
    try {
        return read_quorum(metadata.at(quorum_key)).value_or(unreachable_quorum());
    } catch (const Json::exception&) {
        return unreachable_quorum();
    }
}

bool Quorum::is_escalated(Time created_at, Time now) const {
    return escalation && now - created_at >= escalation->after;
}

std::vector<std::string> Quorum::circle(Time created_at, Time now) const {
    std::vector<std::string> people;
    std::set<std::string> known{keys::person_of(requester)};
    const auto add = [&](const std::vector<std::string>& names) {
        std::copy_if(names.begin(), names.end(), std::back_inserter(people),
                     [&](const std::string& name) { return known.insert(keys::person_of(name)).second; });
    };
    add(reviewers);
    if (is_escalated(created_at, now)) add(escalation->to);
    return people;
}

bool Quorum::entitles(std::string_view reviewer, Time created_at, Time now) const {
    if (!requester.empty() && is_same_person(reviewer, requester)) return false;
    if (reviewers.empty()) return true;
    const std::vector<std::string> people = circle(created_at, now);
    return std::any_of(people.begin(), people.end(),
                       [&](const std::string& name) { return is_same_person(name, reviewer); });
}

std::size_t Quorum::missing(const std::vector<Vote>& votes) const {
    std::map<std::string, std::set<std::string>> people;  // by the edits that they approve
    std::size_t most = 0;
    for (const Vote& vote : votes) {
        if (vote.decision.verdict != Verdict::approve) continue;
        auto& alike = people[record::text_of_edits(vote.decision.edits)];
        alike.insert(keys::person_of(vote.decision.reviewer));
        most = std::max(most, alike.size());
    }
    return approvals - std::min(approvals, most);
}

bool is_same_person(std::string_view one, std::string_view other) {
    return keys::person_of(one) == keys::person_of(other);
}

Json to_json_view(const Vote& vote) {
    return {{"reviewer", vote.decision.reviewer}, {"verdict", to_string(vote.decision.verdict)},
            {"way", vote.decision.way},           {"notes", json::text_or_null(vote.decision.notes)},
            {"at", to_text(vote.time)},           {"view_digest", vote.decision.view_digest},
            {"edits", vote.decision.edits},       {"signed", vote.decision.signature.has_value()}};
}

}  // namespace approvekit
