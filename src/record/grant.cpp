#include "approvekit/grant.hpp"

#include "json/json_view.hpp"
#include "policy/document.hpp"
#include "policy/value_reader.hpp"
#include "record/edits.hpp"

#include <algorithm>
#include <utility>

namespace approvekit {
namespace {

constexpr const char* uses_member = "uses";
constexpr const char* for_member = "for";
constexpr const char* until_member = "until";
constexpr const char* free_member = "free";
constexpr const char* bounds_member = "bounds";

/// Throws Json::exception if a member is missing or of another type.
std::optional<GrantTerms> read_terms(const Json& view) {
    GrantTerms terms;
    terms.uses = view.at(uses_member).get<std::int64_t>();
    terms.lasts = std::chrono::seconds(view.at(for_member).get<std::int64_t>());
    const auto until = parse_time(view.at(until_member).get<std::string>());
    if (!until) return std::nullopt;
    terms.until = *until;
    if (view.contains(free_member)) terms.free = view.at(free_member).get<std::vector<std::string>>();
    if (view.contains(bounds_member)) terms.bounds = view.at(bounds_member);
    return terms;
}

}  // namespace

bool GrantTerms::is_like(const GrantTerms& other) const {
    return uses == other.uses && lasts == other.lasts && free == other.free &&
           record::is_same_edit(bounds, other.bounds);
}

std::optional<std::chrono::seconds> grant_duration(const Json& value) {
    policy::Problems problems;
    const auto node = policy::as_document(value, problems);
    return node ? policy::ValueReader(problems).timeout(*node, for_member) : std::nullopt;
}

Json to_json_view(const GrantTerms& terms) {
    Json view = {{uses_member, terms.uses}, {for_member, terms.lasts.count()}, {until_member, to_text(terms.until)}};
    if (!terms.free.empty()) view[free_member] = terms.free;
    if (!terms.bounds.empty()) view[bounds_member] = terms.bounds;
    return view;
}

std::optional<GrantTerms> grant_terms_from(const Json& view) {
    try {
        auto terms = view.is_object() ? read_terms(view) : std::nullopt;
        return terms && to_json_view(*terms) == view ? std::move(terms) : std::nullopt;
    } catch (const Json::exception&) {
        return std::nullopt;
    }
}

Json to_json_view(const Grant& grant) {
    Json view = to_json_view(grant.terms);
    view.update({{"id", grant.id},
                 {"tool_name", grant.tool_name},
                 {"agent", grant.agent},
                 {"tool_args", grant.tool_args},
                 {"reviewer", grant.reviewer},
                 {"way", grant.way},
                 {"signed", grant.is_signed},
                 {"since", to_text(grant.since)},
                 {"used", grant.used},
                 {"left", std::max<std::int64_t>(0, grant.terms.uses - grant.used)},
                 {"revoked_at", json::text_or_null(grant.revoked_at)},
                 {"revoked_by", json::text_or_null(grant.revoked_by)},
                 {"revoked_way", json::text_or_null(grant.revoked_way)}});
    if (!view.contains(free_member)) view[free_member] = Json::array();
    if (!view.contains(bounds_member)) view[bounds_member] = Json::object();
    return view;
}

}  // namespace approvekit
