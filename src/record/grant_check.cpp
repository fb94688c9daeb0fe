#include "record/grant_check.hpp"

#include "approvekit/metadata_keys.hpp"
#include "json/json_view.hpp"
#include "record/grant_control.hpp"
#include "record/grant_terms.hpp"
#include "record/stored_json.hpp"

#include <algorithm>
#include <optional>

namespace approvekit::record {

namespace {

/// The grant that was given with the approval of a request, according to its entry.
struct ToldGrant {
    AuditRecord entry;
    GrantTerms terms;
};

std::optional<ToldGrant> told_grant(const std::string& id, Entries& entries) {
    auto entry = entries.settlement(id);
    if (!entry || entry->event != AuditEvent::approved) return std::nullopt;
    const auto terms = grant_in(*entry);
    return terms ? std::optional(ToldGrant{*std::move(entry), *terms}) : std::nullopt;
}

bool is_within_rule(const ToldGrant& told) {
    const auto most = grants_in(stored_json(told.entry.metadata));
    return most && told.terms.uses >= 1 && told.terms.uses <= most->uses && told.terms.lasts <= most->lasts;
}

std::string misfit_of_revocation(const StoredGrant& stored, Entries& entries) {
    std::optional<AuditRecord> end;
    entries.each_of(stored.id, [&](std::int64_t, const AuditRecord& record) {
        if (record.event == AuditEvent::revoked && !end) end = record;
    });
    if (!end) return stored.revoked_at.empty() ? "" : "it is said to be revoked, and no entry records that";
    if (stored.revoked_at.empty()) return "an entry records that it was revoked";
    const bool fits = stored.revoked_at == end->timestamp &&
                      json::exportable_text(stored.revoked_by) == end->reviewer && stored.revoked_way == end->way;
    return fits ? "" : "who revoked it, or when, is not what the entry says";
}

/// Whether the grant was revoked while it was being archived. Then its approval is in the archive too.
bool is_archived(const std::string& id, Tables& tables) {
    return tables.archives.last() && !tables.entries.settlement(id);
}

std::string misfit_of_agent(const StoredGrant& stored, Requests& requests) {
    const auto request = requests.find(stored.id);
    return !request || request->request.agent == stored.agent ? "" : "it is for another agent";
}

}  // namespace

std::string GrantCheck::misfit_of_entry(const AuditRecord& entry, Tables& tables) {
    Grants& grants = tables.grants;
    if (entry.event == AuditEvent::revoked) {
        revoked_.insert(entry.request_id);
        const bool is_missing = !grants.find(entry.request_id) && !is_archived(entry.request_id, tables);
        return is_missing ? "the grant that it records is gone" : "";
    }
    if (entry.event != AuditEvent::approved) return "";
    if (entry.request_id == auto_request_id) return misfit_of_intent(entry, grants);
    const bool is_missing = grant_in(entry) && !grants.find(entry.request_id);
    return is_missing ? "the grant that it records is gone" : "";
}

std::string GrantCheck::misfit_of_intent(const AuditRecord& intent, Grants& grants) const {
    const std::string id = grant_named_in(intent.metadata);
    if (id.empty()) return "";
    if (revoked_.contains(id)) return "it ran by a grant that was revoked before";
    const auto use = grants.find_use(intent.entry_id);
    if (!use) return "the use of the grant that it records is gone";
    return use->grant == id ? "" : "its use is of another grant than the one that it names";
}

std::string GrantCheck::misfit_of_row(const StoredGrant& stored, Tables& tables) {
    const auto told = told_grant(stored.id, tables.entries);
    if (!told) return "no entry records it";
    if (!is_within_rule(*told)) return "it is more than its rule lets a reviewer grant";
    if (json::exportable_text(stored.tool_name) != told->entry.tool_name) return "it is for another tool";
    if (stored.since != told->entry.timestamp) return "its time is another one";
    if (stored.until != to_text(told->terms.until)) return "its end is another one";
    if (std::string what = misfit_of_agent(stored, tables.requests); !what.empty()) return what;
    return misfit_of_revocation(stored, tables.entries);
}

std::string GrantCheck::misfit_of_use(const StoredGrantUse& use, Tables& tables) {
    const auto intent = tables.entries.find_intent(use.start);
    if (!intent || grant_named_in(intent->metadata) != use.grant) return "no entry records it";
    const auto told = told_grant(use.grant, tables.entries);
    if (!told) return "no entry records its grant";
    const auto same = tables.grants.use_at(use.grant, use.place);
    if (!same || same->start != use.start) return "another one is in its place";
    if (use.place < 1 || use.place > told->terms.uses) return "its grant lets fewer calls start";
    if (use.at >= to_text(told->terms.until)) return "its grant had ended";
    const auto before = use.place > 1 ? tables.grants.use_at(use.grant, use.place - 1) : std::nullopt;
    if (use.place > 1 && !before) return "the one before it is gone";
    const std::string at = before ? std::max(before->at, intent->timestamp) : intent->timestamp;
    return use.at == at ? "" : "its time is not that of its start";
}

}  // namespace approvekit::record
