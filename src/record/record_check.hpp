#pragma once

#include "record/archive_check.hpp"
#include "record/audit_chain.hpp"
#include "record/grant_check.hpp"
#include "record/tables.hpp"
#include "record/use_check.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>

namespace approvekit::record {

/// Checks the whole record: the chain of entries, and that whatever the other tables say is what the entries tell.
///
/// Works in stretches of one moment each, in memory that does not grow with the record. Stops at the first fault.
class RecordCheck {
public:
    /// `mark` as for AuditChain.
    explicit RecordCheck(std::int64_t mark) : chain_(mark) {}

    /// Entries after that place are not checked. Otherwise a check would not end while others write faster than it
    /// reads. Call begin() first: what the last archive left must be before that place.
    void begin(Tables& tables);
    void look_up_to(std::int64_t place) noexcept { end_ = place; }

    /// The next stretch; false when all was checked, or at a fault.
    bool some(Tables& tables);

    [[nodiscard]] AuditReport report() const { return chain_.report(); }

private:
    enum class Part {
        entries,
        requests,
        removed_requests,
        decisions,
        stops,
        votes,
        uses,
        grants,
        grant_uses,
        holds,
        archives,
        nothing
    };

    /// Each returns whether its part goes on.
    bool check_entries(Tables& tables);
    bool check_entry(Tables& tables, const Entries::Placed& entry, const ChainStart& start, std::int64_t archived);
    /// What the last archive left must be what it tells.
    bool check_kept(const std::optional<ArchiveAnchor>& last);
    /// What else is wrong with an entry of ours.
    std::string objection_to(Tables& tables, std::int64_t sequence, const AuditRecord& record);
    bool check_requests(Tables& tables);
    bool check_removed_requests(Tables& tables);
    bool check_decisions(Tables& tables);
    bool check_stops(Tables& tables);
    bool check_votes(Tables& tables);
    bool check_uses(Tables& tables);
    bool check_grants(Tables& tables);
    bool check_grant_uses(Tables& tables);
    bool check_holds(Tables& tables);
    bool check_archives(Tables& tables);

    bool fault(const std::string& request_id, const std::string& what);

    AuditChain chain_;
    UseCheck uses_;
    GrantCheck grants_;
    Part part_ = Part::entries;
    std::int64_t from_ = std::numeric_limits<std::int64_t>::min();
    std::int64_t end_ = std::numeric_limits<std::int64_t>::max();
    std::int64_t session_ = 0;  // the last one that was looked at
    KeptDigest kept_;
    std::optional<std::string> archive_;  // the last one when it began; another one since changed what is kept
};

}  // namespace approvekit::record
