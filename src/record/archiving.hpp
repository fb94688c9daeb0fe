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

/// Moves what is older than a time into a file: writes it there, checks it there, and only then says in the record that it
/// is there, and removes it. Where it is killed at any point, the next one goes on.
class Archiving {
public:
    /// Runs its argument on the tables as they are at one moment.
    using Look = std::function<void(const std::function<void(Tables&)>&)>;
    /// As Entries::settled_end.
    using SettledEnd = std::function<std::int64_t()>;

    /// The ledger outlives it.
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
    /// The same, of the entries those before which none appears any more.
    void look_at_settled(const std::function<void(Tables&)>& look);
    /// Nothing: something was recorded meanwhile that changes what stays. Without entries there was nothing to move.
    [[nodiscard]] std::optional<Made> make(ArchiveWriter& writer, const ArchiveOrder& order, Time now);
    /// Whether the record tells of an archive there, of which not all is removed.
    [[nodiscard]] bool is_left_at(const ArchiveOrder& order);
    void fill(ArchivePlan& plan, ArchiveWriter& writer, const ArchiveOrder& order);
    /// Writes what stays and what goes, which means nothing before put_on_record().
    void stage(const ArchivePlan& plan, const std::string& id, const ArchiveOrder& order);
    [[nodiscard]] bool put_on_record(const ArchiveAnchor& anchor, const ArchivePlan& plan, const ArchiveOrder& order);
    /// Finishes what the last archive left to do. Returns that archive, and how many entries it removed; nothing where
    /// nothing was left.
    ArchiveResult finish_last(const ArchiveOrder& order);
    void forget_uses(Time until);
    void forget_uses_of(std::span<const OverBuckets::value_type> buckets);

    Ledger& ledger_;
    Look look_;
    SettledEnd settled_end_;
};

}  // namespace approvekit::record
