#include "record/explorer/seen.hpp"

#include "approvekit/metadata_keys.hpp"

#include <algorithm>

namespace approvekit::explorer {

namespace {

/// The version that `edits` make of the arguments, if `arguments` agree with that.
Version version_made(const Json& edits, const Json& arguments, const ApprovalRequest& submitted) {
    Json expected = submitted.tool_args;
    if (!edits.is_null()) expected["to"] = edits.at(edited_path);
    return arguments == expected ? version_of(edits) : Version::another;
}

/// The version that an entry says it approves. Both versions are on record.
Version version_in(const AuditEntry& entry, const ApprovalRequest& submitted) {
    const auto told = entry.metadata.find(edited_key);
    if (told == entry.metadata.end()) return Version::asked;
    if (entry.tool_args != submitted.tool_args || told->at("view_digest") == submitted.view_digest)
        return Version::another;
    return version_made(told->at("edits"), told->at("tool_args"), submitted);
}

Version version_shown(const ApprovalRequest& found, const ApprovalRequest& submitted) {
    if (!found.edited) return Version::asked;
    if (found.edited->view_digest == submitted.view_digest) return Version::another;
    return version_made(found.edited->edits, found.edited->tool_args, submitted);
}

}  // namespace

const AuditEntry* settlement_in(const Seen& seen) {
    const auto found = std::find_if(seen.entries.begin(), seen.entries.end(), [](const AuditEntry& entry) {
        return parse_approval_status(to_string(entry.decision)).has_value();
    });
    return found == seen.entries.end() ? nullptr : &*found;
}

bool is_ended(const Seen& seen) {
    return std::any_of(seen.entries.begin(), seen.entries.end(),
                       [](const AuditEntry& entry) { return entry.decision != AuditEvent::voted; });
}

std::ptrdiff_t count_refusals(const Seen& seen) {
    return std::count_if(seen.entries.begin(), seen.entries.end(),
                         [](const AuditEntry& entry) { return entry.decision == AuditEvent::refused; });
}

bool is_approved_by_people(const Seen& seen) {
    const AuditEntry* const last = settlement_in(seen);
    return last != nullptr && last->decision == AuditEvent::approved && last->way != "database";
}

Json edits_for(Version version) {
    if (version == Version::asked) return nullptr;
    return {{edited_path, version == Version::edited ? "bob@example.com" : "cy@example.com"}};
}

Version version_of(const Json& edits) {
    for (const Version version : {Version::asked, Version::edited, Version::edited_otherwise}) {
        if (edits == edits_for(version)) return version;
    }
    return Version::another;
}

std::string with_forged_edits(Step step, const std::string& metadata) {
    Json forged = Json::parse(metadata);
    if (step == Step::edits_are_removed) {
        forged.erase(edited_key);
    } else {
        Json& edited = forged.at(edited_key);
        const bool was_first = edited.at("edits") == edits_for(Version::edited);
        edited["edits"] = edits_for(was_first ? Version::edited_otherwise : Version::edited);
        edited["tool_args"]["to"] = edited["edits"][edited_path];
    }
    return forged.dump();
}

Seen look_through(Storage& storage, const ApprovalRequest& submitted) {
    Seen seen;
    if (const auto found = storage.find(submitted.id)) {
        seen.has_row = true;
        seen.status = to_string(found->status);
        seen.run = found->run;
        seen.shows_submitted = found->tool_args == submitted.tool_args;
        seen.shown = version_shown(*found, submitted);
        if (submitted.metadata.contains(quorum_key) && found->status == ApprovalStatus::pending)
            seen.missing = to_json_view(*found).at("quorum").at("missing").get<int>();
    }
    seen.entries =
        storage.audit({.request_id = submitted.id, .limit = 200, .cursor = "", .oldest_first = true}).entries;
    const AuditEntry* const settlement = settlement_in(seen);
    if (settlement != nullptr) seen.told = version_in(*settlement, submitted);
    seen.fault = storage.verify_audit().fault;
    return seen;
}

}  // namespace approvekit::explorer
