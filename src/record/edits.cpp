#include "record/edits.hpp"

#include "approvekit/decision_statement.hpp"
#include "approvekit/digest.hpp"
#include "approvekit/error.hpp"
#include "approvekit/metadata_keys.hpp"
#include "approvekit/redaction.hpp"
#include "json/strict_reader.hpp"
#include "policy/condition.hpp"
#include "record/grant_terms.hpp"
#include "record/stored_json.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace approvekit::record {

namespace {

constexpr const char* edits_member = "edits";
constexpr const char* view_member = "view_digest";
constexpr const char* arguments_member = "tool_args";
constexpr const char* nothing_changed = "the edits change nothing; approve the request as it is";

std::vector<std::string> editable_in(const Json& metadata) {
    std::vector<std::string> paths;
    const auto found = metadata.is_object() ? metadata.find(allow_edit_key) : metadata.end();
    if (found == metadata.end() || !found->is_array()) return paths;
    for (const Json& path : *found) {
        if (path.is_string()) paths.push_back(path.get<std::string>());
    }
    return paths;
}

std::string joined(const std::vector<std::string>& paths) {
    std::string text;
    for (const std::string& path : paths)
        text += (text.empty() ? "" : ", ") + path;
    return text;
}

bool has_kind_of(const Json& value, const Json& before);

bool has_members_of(const Json& value, const Json& before) {
    if (value.size() != before.size()) return false;
    return std::all_of(before.items().begin(), before.items().end(), [&](const auto& member) {
        const auto found = value.find(member.key());
        return found != value.end() && has_kind_of(*found, member.value());
    });
}

/// An empty list does not show what kind of elements it takes, so it must stay empty.
bool has_elements_of(const Json& value, const Json& before) {
    return std::all_of(value.begin(), value.end(), [&](const Json& element) {
        return std::any_of(before.begin(), before.end(),
                           [&](const Json& known) { return has_kind_of(element, known); });
    });
}

/// All numbers are one kind here, since only the agent knows which of them a tool accepts.
bool has_kind_of(const Json& value, const Json& before) {
    if (before.is_number()) return value.is_number();
    if (value.type() != before.type()) return false;
    if (before.is_object()) return has_members_of(value, before);
    return !before.is_array() || has_elements_of(value, before);
}

std::string kind_of(const Json& value) {
    if (value.is_object()) return "an object with the same members of the same kinds";
    if (value.is_array()) return value.empty() ? "an empty list, as before" : "a list of elements as before";
    if (value.is_string()) return "a text";
    if (value.is_boolean()) return "true or false";
    return value.is_null() ? "null, as before" : "a number";
}

/// Checks one path, with the value that was shown there. `shown` has the shown arguments.
std::optional<std::string> objection_to_value(const std::string& path, const Json& value, Json& shown) {
    const auto subject = policy::Subject::parse(path);
    const Json* const before = subject ? subject->find_in(shown) : nullptr;
    if (before == nullptr) return path + ": this call has no such argument";
    if (holds_hidden(*before)) return path + ": it contains a value that the policy hides, and cannot be edited";
    if (holds_hidden(value)) return path + ": " + std::string(redacted_text) + " would stand there as it is";
    if (!has_kind_of(value, *before)) return path + ": expected " + kind_of(*before);
    return std::nullopt;
}

/// Returns null if there is no such member.
Json member(const Json& object, const char* key) {
    return object.is_object() ? object.value(key, Json()) : Json();
}

std::string digest_of_view(const std::string& asked, const Json& arguments) {
    return to_hex(digest_of_fields({"approvekit edited view 1", asked, canonical_json(arguments, json::any_size)}));
}

/// Whether the edits turn what was asked into these arguments and this view.
bool fits_together(const Json& told, const AuditRecord& entry) {
    try {
        const Json arguments = with_edits(stored_json(entry.tool_args), member(told, edits_member));
        return is_same_edit(arguments, member(told, arguments_member)) &&
               member(told, view_member) == Json(digest_of_view(entry.view, arguments));
    } catch (const Error&) {
        return false;
    }
}

/// Returns the edits that the entry of a decision tells of, or null if it tells of none. Returns an array for edits
/// that cannot be read; they are then refused, since edits are an object.
Json edits_in(const AuditRecord& entry) {
    const Json metadata = stored_json(entry.metadata);
    if (!metadata.is_object()) return Json::array();
    if (!metadata.contains(edited_key)) return nullptr;
    const Json edits = member(metadata.at(edited_key), edits_member);
    return edits.is_null() ? Json::array() : edits;
}

}  // namespace

bool holds_hidden(const Json& value) {
    return value.dump(-1, ' ', false, Json::error_handler_t::replace).find(redacted_text) != std::string::npos;
}

const Json& asked_metadata(const ApprovalRequest& request) {
    return request.submitted ? request.submitted->metadata : request.metadata;
}

std::optional<std::string> objection_to_edits(const ApprovalRequest& request, const Json& edits) {
    const std::vector<std::string> paths = request.editable();
    if (paths.empty()) return "nothing of this request may be edited: the policy's rule has no allow_edit for it";
    if (!edits.is_object() || edits.empty()) return "expected an object that has new values by their paths";
    try {
        static_cast<void>(canonical_json(edits, {.bytes = maximum_edit_bytes, .depth = JsonLimits{}.depth}));
    } catch (const ArgumentsRefusedError& error) {
        return std::string("the edits cannot be taken: ") + error.what();
    }
    Json shown = request.tool_args;
    for (const auto& [path, value] : edits.items()) {
        if (std::find(paths.begin(), paths.end(), path) == paths.end())
            return path + ": may not be edited; what may is " + joined(paths);
        if (auto objection = objection_to_value(path, value, shown)) return objection;
    }
    if (is_same_edit(with_edits(shown, edits), shown)) return nothing_changed;
    return std::nullopt;
}

std::string text_of_edits(const Json& edits) {
    if (edits.is_null()) return "";
    try {
        return canonical_json(edits, json::any_size);
    } catch (const ArgumentsRefusedError&) {
        // Only a forged row has such edits. The text is at least equal for equal edits.
        return edits.dump(-1, ' ', false, Json::error_handler_t::replace);
    }
}

bool is_same_edit(const Json& one, const Json& other) {
    return text_of_edits(one) == text_of_edits(other);
}

Json value_at(Json arguments, const std::string& path) {
    const auto subject = policy::Subject::parse(path);
    Json* const place = subject ? subject->find_in(arguments) : nullptr;
    return place == nullptr ? Json() : std::move(*place);
}

Json with_edits(Json arguments, const Json& edits) {
    for (const auto& [path, value] : edits.items()) {
        const auto subject = policy::Subject::parse(path);
        Json* const place = subject ? subject->find_in(arguments) : nullptr;
        if (place == nullptr) throw DecisionError(ErrorCode::invalid_edit, path + ": there is no such argument");
        *place = value;
    }
    return arguments;
}

std::string edited_view_digest(const ApprovalRequest& request, const Json& edits) {
    return digest_of_view(view_digest(request), with_edits(request.tool_args, edits));
}

Json edits_metadata(const ApprovalRequest& request, const Json& edits) {
    return {{edits_member, edits},
            {view_member, edited_view_digest(request, edits)},
            {arguments_member, with_edits(request.tool_args, edits)}};
}

std::string misfit_of_edits(const Decision& decision, const AuditRecord& entry) {
    const Json told = member(stored_json(entry.metadata), edited_key);
    if (!told.is_null() && !fits_together(told, entry)) return "what it says of an edit does not fit together";
    if (!decision.signature) return "";
    const auto statement = DecisionStatement::parse(decision.signature->statement);
    if (!statement) return "";
    const bool fits =
        statement->edited_view ? member(told, view_member) == Json(*statement->edited_view) : told.is_null();
    return fits ? "" : "what its reviewer edited is not what was signed";
}

bool tell_edits(StoredDecision& decision, const ApprovalRequest& request, Entries& entries) {
    decision.decision.edits = nullptr;
    decision.decision.grant = std::nullopt;
    if (!request.ours) return true;
    const bool may_be_edited = !editable_in(asked_metadata(request)).empty();
    const bool may_be_granted = has_grants(asked_metadata(request));
    if (!may_be_edited && !may_be_granted) return true;
    const auto entry = entries.find(request.id, decision.entry_id);
    if (!entry) return false;
    if (may_be_edited) decision.decision.edits = edits_in(*entry);
    if (may_be_granted) decision.decision.grant = grant_in(*entry);
    return true;
}

std::size_t tell_edited(ApprovalRequest& request, const Tables& tables) {
    if (!request.ours || request.status != ApprovalStatus::approved) return 0;
    if (editable_in(asked_metadata(request)).empty()) return 0;
    const auto entry = tables.entries.settlement(request.id);
    const Json edits = entry ? edits_in(*entry) : Json();
    if (edits.is_null() || objection_to_edits(request, edits)) return 0;
    const auto decision = tables.decisions.find(request.id);
    if (!decision || !misfit_of_edits(decision->decision, *entry).empty()) return 0;
    request.edited = ApprovedEdit{.edits = edits,
                                  .tool_args = with_edits(request.tool_args, edits),
                                  .view_digest = edited_view_digest(request, edits)};
    return entry->metadata.size();
}

}  // namespace approvekit::record

namespace approvekit {

std::vector<std::string> ApprovalRequest::editable() const {
    return ours ? record::editable_in(record::asked_metadata(*this)) : std::vector<std::string>();
}

}  // namespace approvekit
