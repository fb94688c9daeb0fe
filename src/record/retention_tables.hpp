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

/// What an engine keeps of archives and holds. As in tables.hpp: rows in and out, within a transaction.
namespace approvekit::record {

/// An entry that an archive left in the record, at or before the start of the chain.
struct KeptEntry {
    std::int64_t sequence = 0;
    std::string before;   ///< what it follows, as ChainEnds::before; empty if that is nothing
    bool leaves = false;  ///< it is in a file, and about to be removed
};

/// The place at which an engine notes that an entry is about to be removed. No entry has such a place.
[[nodiscard]] constexpr std::int64_t place_of_mark(std::int64_t sequence) noexcept {
    return sequence > 0 ? -sequence : std::numeric_limits<std::int64_t>::min();
}

/// The archives of the record. An engine for tests may have none; then the functions that read return nothing.
class Archives {
public:
    virtual ~Archives() = default;

    /// The start of the chain: everything up to there is in files, and not in the record except for the entries that
    /// were kept.
    [[nodiscard]] virtual ChainStart start() = 0;
    virtual void move_start(const ChainStart& start) = 0;

    virtual void insert(const ArchiveAnchor& anchor) = 0;
    /// The last archive. Its entries may not all be removed yet.
    [[nodiscard]] virtual std::optional<ArchiveAnchor> last() = 0;
    /// All archives in their order.
    [[nodiscard]] virtual std::vector<ArchiveAnchor> all() = 0;

    /// The plan of an archive says which entries stay and which leave. It is written before the archive is recorded, in
    /// several transactions. Until settle_plan() it has no effect, and it may be abandoned.
    ///
    /// Begins a plan and replaces the current one, if any. Until the commit, nobody else can begin or read a plan.
    virtual void begin_plan(const std::string& id) = 0;
    /// Whether that plan is the current one. It stays the current one until the commit.
    [[nodiscard]] virtual bool has_plan(const std::string& id) = 0;
    /// Removes at most `most` rows of earlier plans. Returns false when none is left. The last archive ends at `last`.
    virtual bool forget_plan(std::int64_t last, std::size_t most) = 0;
    /// Adds to the plan: an entry after the last archive stays.
    virtual void keep(const KeptEntry& entry) = 0;
    /// Adds to the plan: an entry that stayed before is about to be removed.
    virtual void let_leave(std::int64_t sequence) = 0;
    /// The plan is in effect from now on, and there is no plan any more.
    virtual void settle_plan() = 0;

    virtual void forget_kept(std::int64_t sequence) = 0;
    [[nodiscard]] virtual std::optional<KeptEntry> kept(std::int64_t sequence) = 0;
    /// The first entry of those that are about to be removed.
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
    /// Ends the hold that is in force on its subject.
    virtual void end(const StoredHold& hold) = 0;
    /// The last hold on that subject.
    [[nodiscard]] virtual std::optional<StoredHold> find(std::string_view subject) = 0;
    /// Oldest first, either all or only those in force; at most a thousand.
    [[nodiscard]] virtual std::vector<StoredHold> list(bool all) = 0;
    /// As Requests::each_of_stretch.
    virtual bool each_of_stretch(std::int64_t& from,
                                 const std::function<bool(const StoredHold&, const std::string&)>& look) = 0;
};

}  // namespace approvekit::record
