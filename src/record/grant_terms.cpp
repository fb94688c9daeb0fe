#include "record/grant_terms.hpp"

#include "approvekit/decision_statement.hpp"
#include "approvekit/digest.hpp"
#include "approvekit/error.hpp"
#include "approvekit/metadata_keys.hpp"
#include "approvekit/quorum.hpp"
#include "json/strict_reader.hpp"
#include "policy/condition.hpp"
#include "policy/grants_reader.hpp"
#include "record/edits.hpp"
#include "record/grant_coverage.hpp"
#include "record/stored_json.hpp"

#include <algorithm>
#include <set>
#include <vector>

namespace approvekit::record {

namespace {

constexpr std::size_t most_bound_bytes = std::size_t{16} * 1024;

using Objection = std::optional<std::string>;

/// Longer than any rule lets a grant last, and short enough to be added to a time.
constexpr std::chrono::seconds longest_counted = std::chrono::weeks(53);

std::string seconds_text(std::chrono::seconds time) {
    return std::to_string(time.count()) + " s";
}

Objection objection_to_amount(const PolicyGrants& most, const GrantTerms& terms, Time given) {
    if (terms.uses < 1) return "it grants no call; leave it out";
    if (terms.uses > most.uses)
        return "it grants " + std::to_string(terms.uses) + " calls, and its rule lets a reviewer grant " +
               std::to_string(most.uses) + " at most";
    if (terms.lasts < std::chrono::seconds(1)) return "it lasts for no time; leave it out";
    if (terms.lasts > most.lasts)
        return "it lasts for " + seconds_text(terms.lasts) + ", and its rule lets a reviewer grant " +
               seconds_text(most.lasts) + " at most";
    if (terms.until > given + terms.lasts) return "it ends later than " + seconds_text(terms.lasts) + " from now";
    if (terms.until <= given) return "it has ended already";
    return std::nullopt;
}

/// Checks one argument that may differ. `shown` has the arguments that are approved.
Objection objection_to_path(const PolicyGrants& most, const std::string& path, Json& shown) {
    if (std::find(most.bounds.begin(), most.bounds.end(), path) == most.bounds.end()) {
        return path + ": its rule does not let a reviewer grant calls that differ in it";
    }
    const auto subject = policy::Subject::parse(path);
    if (!subject || subject->find_in(shown) == nullptr) return path + ": this call has no such argument";
    return std::nullopt;
}

Objection objection_to_paths(const PolicyGrants& most, const GrantTerms& terms, Json shown) {
    std::set<std::string> paths;
    for (const std::string& path : terms.free) {
        if (!paths.insert(path).second) return path + ": is named twice";
        if (auto objection = objection_to_path(most, path, shown)) return objection;
    }
    for (const auto& [path, bound] : terms.bounds.items()) {
        if (!paths.insert(path).second) return path + ": is free and bounded";
        if (auto objection = objection_to_path(most, path, shown)) return objection;
        if (holds_hidden(*policy::Subject::parse(path)->find_in(shown)))
            return path + ": it contains a value that the policy hides, and a bound would reveal something about it";
    }
    return std::nullopt;
}

/// Checks the bounds themselves, and that the approved call is within them.
Objection objection_to_bounds(const GrantTerms& terms, const Json& shown) {
    if (!terms.bounds.is_object()) return "its bounds are not an object that has tests by the paths of arguments";
    if (terms.bounds.empty()) return std::nullopt;
    try {
        static_cast<void>(canonical_json(terms.bounds, {.bytes = most_bound_bytes, .depth = JsonLimits{}.depth}));
    } catch (const ArgumentsRefusedError& error) {
        return std::string("its bounds cannot be taken: ") + error.what();
    }
    std::string fault;
    const auto bounds = GrantBounds::read(terms.bounds, fault);
    if (!bounds) return fault;
    if (!bounds->hold_for(shown)) return "the call that is approved with it is not within its bounds";
    return std::nullopt;
}

}  // namespace

bool has_grants(const Json& metadata) {
    return metadata.is_object() && metadata.contains(grants_key);
}

std::optional<PolicyGrants> grants_in(const Json& metadata) {
    if (!has_grants(metadata)) return std::nullopt;
    return policy::grants_from(metadata.at(grants_key));
}

Objection objection_to_grant(const ApprovalRequest& request, const Decision& decision, Time given) {
    if (!decision.grant) return std::nullopt;
    if (decision.verdict != Verdict::approve) return "only an approval grants anything; leave the grant out";
    const auto most = request.grantable();
    if (!most) return "nothing may be granted with this request: the policy's rule has no grants for it";
    const auto quorum = request.quorum();
    if (quorum && quorum->approvals != 1) return "nothing is granted where several people have to approve";
    const GrantTerms& terms = *decision.grant;
    if (auto objection = objection_to_amount(*most, terms, given)) return objection;
    const Json shown = approved_arguments(request, decision);
    if (terms.bounds.is_object()) {
        if (auto objection = objection_to_paths(*most, terms, shown)) return objection;
    }
    return objection_to_bounds(terms, shown);
}

Decision with_end_of_grant(Decision decision, Time now) {
    if (decision.grant && decision.grant->until == Time{})
        decision.grant->until = now + std::clamp(decision.grant->lasts, std::chrono::seconds(0), longest_counted);
    return decision;
}

Json approved_arguments(const ApprovalRequest& request, const Decision& decision) {
    return decision.edits.is_null() ? request.tool_args : with_edits(request.tool_args, decision.edits);
}

std::string digest_of_grant(const GrantTerms& terms) {
    return to_hex(digest_of_fields({"approvekit grant 1", canonical_json(to_json_view(terms), json::any_size)}));
}

std::optional<GrantTerms> grant_in(const AuditRecord& entry) {
    if (entry.metadata.find(granted_key) == std::string::npos) return std::nullopt;
    const Json metadata = stored_json(entry.metadata);
    if (!metadata.is_object() || !metadata.contains(granted_key)) return std::nullopt;
    auto terms = grant_terms_from(metadata.at(granted_key));
    // A grant that cannot be read must not look like no grant: the signature of an approval without a grant must not
    // fit it.
    return terms ? std::move(terms) : GrantTerms{.uses = 0};
}

std::string misfit_of_grant(const Decision& decision, const AuditRecord& entry) {
    const auto told = grant_in(entry);
    if (told && told->uses < 1) return "what it says of a grant does not fit together";
    if (!decision.signature) return "";
    const auto statement = DecisionStatement::parse(decision.signature->statement);
    if (!statement) return "";
    const bool fits = statement->grant_digest ? told && digest_of_grant(*told) == *statement->grant_digest : !told;
    return fits ? "" : "what its reviewer granted is not what was signed";
}

}  // namespace approvekit::record

namespace approvekit {

std::optional<PolicyGrants> ApprovalRequest::grantable() const {
    return ours ? record::grants_in(record::asked_metadata(*this)) : std::nullopt;
}

}  // namespace approvekit
