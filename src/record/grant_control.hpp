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

/// Records grants and revokes them, each with its audit entry (G17). Refers to the unit of work, which must outlive it;
/// its owner commits.
class GrantControl {
public:
    explicit GrantControl(UnitOfWork& work) noexcept : work_(work), audit_(work) {}

    /// `decision` approves the request and grants more like it.
    void give(const ApprovalRequest& request, const Decision& decision);
    /// Also revokes a grant whose row is gone, if the entry of its approval tells of it. Throws DecisionError:
    /// not_found, or already_decided if somebody else revoked it.
    void revoke(const std::string& id, const Author& author);

private:
    UnitOfWork& work_;
    AuditWriter audit_;
};

/// Adds the revocation that an entry tells of, if the row of the grant has none. So changing the row does not undo a
/// revocation.
void tell_revocation(StoredGrant& grant, Entries& entries);

/// Returns the grant on record with the id of `stored`, with what its agent compares it with. Returns nothing if no
/// entry of an approval tells of it, or if the request, the approval or the terms of the grant do not fit. If `known`
/// is not null, adds what was met of it before.
[[nodiscard]] std::optional<GivenGrant> given_grant(const StoredGrant& stored, Tables& tables, KnownGrants* known);

/// How grants are read. Refers to `known`.
struct Reading {
    KnownGrants* known = nullptr;  ///< what was met of grants before; null: nothing
    std::uint64_t version = 0;     ///< of the record, read before anything of a grant is
};

/// As Storage::find_grants.
[[nodiscard]] std::vector<GivenGrant> given_grants(std::string_view tool_name, std::string_view agent, Tables& tables,
                                                   const Moment& now, const Reading& reading);
/// As Storage::grants.
[[nodiscard]] std::vector<Grant> list_grants(GrantList which, Tables& tables, const Moment& now, KnownGrants* known);
/// As Storage::find_grant.
[[nodiscard]] std::optional<Grant> find_grant(std::string_view id, Tables& tables, KnownGrants* known);

/// For a revoked grant of which the record cannot tell what it granted.
[[nodiscard]] StorageError unreadable_grant(std::string_view id);

/// Returns the grant that an entry names as the one that let a call run, or an empty text.
[[nodiscard]] std::string grant_named_in(const std::string& metadata);

}  // namespace approvekit::record
