#include "record/grant_control.hpp"

#include "approvekit/metadata_keys.hpp"
#include "record/decision_check.hpp"
#include "record/edits.hpp"
#include "record/grant_terms.hpp"
#include "record/shown_view.hpp"
#include "record/stored_json.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace approvekit::record {

namespace {

constexpr std::size_t most_listed = 1000;
constexpr const char* id_member = "id";

DecisionError revoked_before(const StoredGrant& grant) {
    return DecisionError(ErrorCode::already_decided, "the grant " + grant.id + " was revoked by " + grant.revoked_by +
                                                         " (" + grant.revoked_way + ") at " + grant.revoked_at +
                                                         " UTC");
}

/// Returns the first entry that tells of the grant's revocation, if any.
std::optional<AuditRecord> revocation_of(const std::string& id, Entries& entries) {
    std::optional<AuditRecord> found;
    entries.each_of(id, [&](std::int64_t, const AuditRecord& record) {
        if (record.event == AuditEvent::revoked && !found) found = record;
    });
    return found;
}

/// Returns a grant as the entry of its approval tells it, for a grant whose row was removed: the row may come back.
std::optional<StoredGrant> told_by_entry(const std::string& id, Tables& tables) {
    const auto entry = tables.entries.settlement(id);
    const auto terms = entry && entry->event == AuditEvent::approved ? grant_in(*entry) : std::nullopt;
    if (!terms) return std::nullopt;
    StoredGrant told;
    told.id = id;
    told.tool_name = entry->tool_name;
    if (const auto request = tables.requests.find(id)) told.agent = request->request.agent;
    told.since = entry->timestamp;
    told.until = to_text(terms->until);
    return told;
}

std::int64_t used_of_grant(std::string_view id, Grants& grants) {
    const auto last = grants.last_use(id);
    return last ? last->place : 0;
}

/// Whether the decision approved the request, as it was submitted and as the entry says.
bool stands(const ApprovalRequest& request, const StoredDecision& decision, const AuditRecord& entry) {
    return request.ours && !request.submitted && request.status == ApprovalStatus::approved &&
           shows(request, request.view_digest) && decision.decision.verdict == Verdict::approve &&
           entry.event == AuditEvent::approved && entry.view == request.view_digest &&
           misfit_with_entry(decision, entry, false).empty();
}

Grant grant_of(const StoredGrant& stored, const ApprovalRequest& request, const Decision& decision, Time since) {
    Grant grant;
    grant.id = stored.id;
    grant.tool_name = request.tool_name;
    grant.agent = request.agent;
    grant.tool_args = approved_arguments(request, decision);
    grant.terms = *decision.grant;
    grant.reviewer = decision.reviewer;
    grant.way = decision.way;
    grant.is_signed = decision.signature.has_value();
    grant.since = since;
    if (stored.revoked_at.empty()) return grant;
    grant.revoked_at = parse_time(stored.revoked_at).value_or(Time{});
    grant.revoked_by = stored.revoked_by;
    grant.revoked_way = stored.revoked_way;
    return grant;
}

std::optional<GivenGrant> read_grant(const StoredGrant& stored, Tables& tables) {
    auto found = tables.requests.find(stored.id);
    auto decision = found ? tables.decisions.find(stored.id) : std::nullopt;
    const auto entry = decision ? tables.entries.find(stored.id, decision->entry_id) : std::nullopt;
    if (!entry || !stands(found->request, *decision, *entry)) return std::nullopt;
    const auto since = parse_time(decision->decided_at);
    if (!since || !tell_edits(*decision, found->request, tables.entries) || !decision->decision.grant)
        return std::nullopt;
    if (!decision->decision.edits.is_null() && objection_to_edits(found->request, decision->decision.edits))
        return std::nullopt;
    if (objection_to_grant(found->request, decision->decision, *since)) return std::nullopt;
    Grant grant = grant_of(stored, found->request, decision->decision, *since);
    return GivenGrant{std::move(grant), std::move(found->request), std::move(decision->decision)};
}

}  // namespace

void tell_revocation(StoredGrant& grant, Entries& entries) {
    if (!grant.revoked_at.empty()) return;
    const auto entry = revocation_of(grant.id, entries);
    if (!entry) return;
    grant.revoked_at = entry->timestamp;
    grant.revoked_by = entry->reviewer;
    grant.revoked_way = entry->way;
}

void GrantControl::give(const ApprovalRequest& request, const Decision& decision) {
    StoredGrant stored;
    stored.id = request.id;
    stored.tool_name = request.tool_name;
    stored.agent = request.agent;
    stored.since = work_.moment.text;
    stored.until = to_text(decision.grant->until);
    work_.tables.grants.insert(stored);
}

void GrantControl::revoke(const std::string& id, const Author& author) {
    auto stored = work_.tables.grants.find(id);
    const bool has_row = stored.has_value();
    if (!has_row) stored = told_by_entry(id, work_.tables);
    if (!stored) throw DecisionError(ErrorCode::not_found, "there is no grant " + id);
    // A row that says "revoked" without an entry was written by another program.
    if (const auto entry = revocation_of(id, work_.tables.entries)) {
        if (entry->reviewer == author.reviewer && entry->way == author.way) return;
        tell_revocation(*stored, work_.tables.entries);
        throw revoked_before(*stored);
    }
    stored->revoked_at = work_.moment.text;
    stored->revoked_by = author.reviewer;
    stored->revoked_way = author.way;
    if (has_row) work_.tables.grants.revoke(*stored);
    audit_.revocation(*stored, author);
    work_.announce(id, ApprovalStatus::approved);
}

std::optional<GivenGrant> given_grant(const StoredGrant& row, Tables& tables, KnownGrants* known) {
    StoredGrant stored = row;
    std::int64_t used = used_of_grant(stored.id, tables.grants);
    tell_revocation(stored, tables.entries);
    if (known != nullptr) known->meet(stored, used);
    auto given = read_grant(stored, tables);
    if (given) given->grant.used = used;
    return given;
}

std::vector<GivenGrant> given_grants(std::string_view tool_name, std::string_view agent, Tables& tables,
                                     const Moment& now, const Reading& reading) {
    std::vector<GivenGrant> live;
    for (const StoredGrant& stored : tables.grants.of(tool_name, agent, now.text)) {
        auto given = given_grant(stored, tables, reading.known);
        if (!given || !given->grant.is_live(now.now)) continue;
        given->version = reading.version;
        live.push_back(*std::move(given));
    }
    return live;
}

std::vector<Grant> list_grants(GrantList which, Tables& tables, const Moment& now, KnownGrants* known) {
    std::vector<Grant> grants;
    std::int64_t from = std::numeric_limits<std::int64_t>::min();
    const auto look = [&](const StoredGrant& stored, const std::string&) {
        if (which == GrantList::live && stored.until <= now.text) return true;
        auto given = given_grant(stored, tables, known);
        const bool is_wanted = given && (which == GrantList::all || given->grant.is_live(now.now));
        if (is_wanted) grants.push_back(std::move(given->grant));
        return true;
    };
    while (tables.grants.each_of_stretch(from, look)) {
    }
    if (which == GrantList::all) {
        std::reverse(grants.begin(), grants.end());
    } else {
        std::stable_sort(grants.begin(), grants.end(),
                         [](const Grant& one, const Grant& other) { return one.terms.until < other.terms.until; });
    }
    grants.resize(std::min(grants.size(), most_listed));
    return grants;
}

std::optional<Grant> find_grant(std::string_view id, Tables& tables, KnownGrants* known) {
    const auto stored = tables.grants.find(id);
    auto given = stored ? given_grant(*stored, tables, known) : std::nullopt;
    return given ? std::optional(std::move(given->grant)) : std::nullopt;
}

StorageError unreadable_grant(std::string_view id) {
    return StorageError(ErrorCode::storage_corrupt, "the grant " + std::string(id) +
                                                        " is revoked; what the record says of it does not fit, see: "
                                                        "approvekit-review audit verify");
}

std::string grant_named_in(const std::string& metadata) {
    if (metadata.find(grant_key) == std::string::npos) return "";
    const Json told = stored_json(metadata);
    const Json grant = told.is_object() ? told.value(grant_key, Json()) : Json();
    const Json id = grant.is_object() ? grant.value(id_member, Json()) : Json();
    return id.is_string() ? id.get<std::string>() : "";
}

}  // namespace approvekit::record
