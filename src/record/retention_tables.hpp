#pragma once

#include "approvekit/audit_archive.hpp"
#include "record/audit_chain.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What an engine keeps of archives and holds. As in tables.hpp, rows in and out, within a transaction.
namespace approvekit::record {

/// An entry that an archive left in the record, at or before the start of the chain.
struct KeptEntry {
    std::int64_t sequence = 0;
    std::string before;   ///< the hash of the entry before it; empty where it is the first one
    bool leaves = false;  ///< it is in a file, and about to be removed
};

/// Where an engine notes that an entry is about to be removed: in a place that none has.
[[nodiscard]] constexpr std::int64_t place_of_mark(std::int64_t sequence) noexcept {
    return sequence > 0 ? -sequence : std::numeric_limits<std::int64_t>::min();
}

/// The archives of the record. An engine for tests may have none: what is read then tells of none.
class Archives {
public:
    virtual ~Archives() = default;

    /// Where the chain begins: everything up to there is in files, and not in the record but for what was kept.
    [[nodiscard]] virtual ChainStart start() = 0;
    virtual void move_start(const ChainStart& start) = 0;

    virtual void insert(const ArchiveAnchor& anchor) = 0;
    /// The last one, whose entries may not all be removed yet.
    [[nodiscard]] virtual std::optional<ArchiveAnchor> last() = 0;
    /// In their order.
    [[nodiscard]] virtual std::vector<ArchiveAnchor> all() = 0;

    /// What stays and what goes by an archive that is not on record yet is written before that is, in several transactions:
    /// its plan. Until settle_plan() nothing tells of it, and it may be left as it is.
    ///
    /// Begins a plan, in the place of whatever plan there is, which is not the one any more. Nobody else begins or looks at
    /// one until the commit.
    virtual void begin_plan(const std::string& id) = 0;
    /// Whether that plan is the one; it stays it until the commit.
    [[nodiscard]] virtual bool has_plan(const std::string& id) = 0;
    /// Removes what earlier plans wrote, so many rows at most; false when nothing is left. The last archive ends at `last`.
    virtual bool forget_plan(std::int64_t last, std::size_t most) = 0;
    /// Of the plan: an entry behind the last archive stays.
    virtual void keep(const KeptEntry& entry) = 0;
    /// Of the plan: an entry that stayed before is about to be removed.
    virtual void let_leave(std::int64_t sequence) = 0;
    /// The plan is true from now on, and none is left.
    virtual void settle_plan() = 0;

    virtual void forget_kept(std::int64_t sequence) = 0;
    [[nodiscard]] virtual std::optional<KeptEntry> kept(std::int64_t sequence) = 0;
    /// The first of those that are about to be removed.
    [[nodiscard]] virtual std::optional<KeptEntry> first_leaving() = 0;
};

/// A hold with its times as they are stored.
struct StoredHold {
    AuditHold hold;
    std::string since;
    std::string ended_at;  ///< empty while it is in force
};

/// What no archive removes. A row is added, and ended once.
class Holds {
public:
    virtual ~Holds() = default;

    virtual void insert(const StoredHold& hold) = 0;
    /// Ends the one in force on its subject.
    virtual void end(const StoredHold& hold) = 0;
    /// The last one on that subject.
    [[nodiscard]] virtual std::optional<StoredHold> find(std::string_view subject) = 0;
    /// Oldest first, those in force alone or all; a thousand at most.
    [[nodiscard]] virtual std::vector<StoredHold> list(bool all) = 0;
    /// As Requests::each_of_stretch.
    virtual bool each_of_stretch(std::int64_t& from,
                                 const std::function<bool(const StoredHold&, const std::string&)>& look) = 0;
};

}  // namespace approvekit::record
