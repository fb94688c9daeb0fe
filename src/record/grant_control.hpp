#pragma once

#include "approvekit/error.hpp"
#include "approvekit/storage.hpp"
#include "record/audit_writer.hpp"
#include "record/unit_of_work.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::record {

/// Puts grants on record and revokes them, each with its audit entry (G17). Refers to the unit of
/// work, which must outlive it; its owner commits.
class GrantControl {
public:
    explicit GrantControl(UnitOfWork& work) noexcept : work_(work), audit_(work) {}

    /// `decision` approves the request and grants more like it.
    void give(const ApprovalRequest& request, const Decision& decision);
    /// Also one whose row is gone, where the entry of its approval tells of it. DecisionError: not_found, or already_decided
    /// where somebody else revoked it.
    void revoke(const std::string& id, const Author& author);

private:
    UnitOfWork& work_;
    AuditWriter audit_;
};

/// Adds the revocation that an entry tells of to a grant whose row says none: who changes a row revokes nothing less.
void tell_revocation(StoredGrant& grant, Entries& entries);

/// The grant that is on record with that id, with what its agent holds it against. Nothing where no entry of an approval
/// tells of it, or where the request, the approval or what is told of the grant does not fit. Where `known` is not null,
/// with what was met of it before.
[[nodiscard]] std::optional<GivenGrant> given_grant(const StoredGrant& stored, Tables& tables, KnownGrants* known);

/// With what grants are read. Refers to what it names.
struct Reading {
    KnownGrants* known = nullptr;  ///< what was met of them before; null: nothing
    std::uint64_t version = 0;     ///< of the record, asked before anything of it is read
};

/// As Storage::find_grants.
[[nodiscard]] std::vector<GivenGrant> given_grants(std::string_view tool_name, std::string_view agent, Tables& tables,
                                                   const Moment& now, const Reading& reading);
/// As Storage::grants.
[[nodiscard]] std::vector<Grant> list_grants(GrantList which, Tables& tables, const Moment& now, KnownGrants* known);
/// As Storage::find_grant.
[[nodiscard]] std::optional<Grant> find_grant(std::string_view id, Tables& tables, KnownGrants* known);

/// Of one that was revoked, and of which the record cannot tell what it granted.
[[nodiscard]] StorageError unreadable_grant(std::string_view id);

/// The grant that an entry names as the one by which a call ran; empty: none.
[[nodiscard]] std::string grant_named_in(const std::string& metadata);

}  // namespace approvekit::record
