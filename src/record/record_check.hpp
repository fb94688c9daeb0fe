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

/// Checks the whole record: the chain of entries, and that the other tables say what the entries say.
///
/// Works in stretches, each of which sees the record at one moment. The memory it needs does not grow with the record.
/// Stops at the first fault.
class RecordCheck {
public:
    /// `mark` as for AuditChain.
    explicit RecordCheck(std::int64_t mark) : chain_(mark) {}

    /// Notes which archive is the last one. To be called before the place for look_up_to() is looked up, so that the
    /// entries that this archive left are before that place. Without a call, the first stretch does it.
    void begin(Tables& tables);
    /// Leaves out entries after that place. Otherwise a check would not end while others write faster than it reads.
    void look_up_to(std::int64_t place) noexcept { end_ = place; }

    /// Checks the next stretch. Returns false when everything was checked, or at a fault.
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
    /// Checks that the entries that the last archive left are those that its anchor names.
    bool check_kept(const std::optional<ArchiveAnchor>& last);
    /// Returns what else is wrong with an entry of ours.
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
    std::optional<std::string> archive_;  // the last one when the check began; a later one changes what is kept
};

}  // namespace approvekit::record
