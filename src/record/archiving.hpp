#pragma once

#include "record/archive_plan.hpp"
#include "record/ledger.hpp"
#include "record/uses_over.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>

namespace approvekit::record {

/// Moves what is older than a given time into a file: writes it there, checks the file, and only then records the
/// archive and removes the entries. If it is killed at any point, the next archive continues its work.
class Archiving {
public:
    /// Calls its argument with the tables as they are at one moment.
    using Look = std::function<void(const std::function<void(Tables&)>&)>;
    /// As OpenRecord::settled_end.
    using SettledEnd = std::function<std::int64_t()>;

    /// The ledger must outlive it.
    Archiving(Ledger& ledger, Look look, SettledEnd settled_end)
        : ledger_(ledger), look_(std::move(look)), settled_end_(std::move(settled_end)) {}

    /// As Storage::archive.
    [[nodiscard]] ArchiveResult run(const ArchiveOrder& order);

private:
    struct Made {
        ArchiveAnchor anchor;
        std::int64_t kept = 0;
    };

    [[nodiscard]] Time time_of_record();
    /// Calls `look` with the tables as they are at one moment, and with only those entries before which none can appear
    /// any more.
    void look_at_settled(const std::function<void(Tables&)>& look);
    /// Returns nothing if an entry was recorded in the meantime that changes what stays. An anchor without entries
    /// means that there was nothing to move.
    [[nodiscard]] std::optional<Made> make(ArchiveWriter& writer, const ArchiveOrder& order, Time now);
    /// Whether the record has an archive in that file, of which not everything is removed.
    [[nodiscard]] bool is_left_at(const ArchiveOrder& order);
    void fill(ArchivePlan& plan, ArchiveWriter& writer, const ArchiveOrder& order);
    /// Writes what stays and what goes into the record, which has no effect before put_on_record().
    void stage(const ArchivePlan& plan, const std::string& id, const ArchiveOrder& order);
    /// As ArchivePlan::is_outdated, before everybody has to wait. Each look sees what was recorded during the one
    /// before, until that is so little that it can be looked at while they wait.
    [[nodiscard]] bool is_plan_outdated(const ArchivePlan& plan, std::int64_t& seen);
    [[nodiscard]] bool put_on_record(const ArchiveAnchor& anchor, const ArchivePlan& plan, const ArchiveOrder& order);
    /// Finishes what the last archive left to do. Returns that archive and the number of entries that this removed; no
    /// archive if nothing was left.
    ArchiveResult finish_last(const ArchiveOrder& order);
    void forget_uses(Time until);
    void forget_uses_of(std::span<const OverBuckets::value_type> buckets);

    Ledger& ledger_;
    Look look_;
    SettledEnd settled_end_;
};

}  // namespace approvekit::record
