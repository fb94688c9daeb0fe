#pragma once

#include "approvekit/audit_archive.hpp"
#include "record/audit_chain.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
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

    virtual void keep(const KeptEntry& entry) = 0;
    virtual void forget_kept(std::int64_t sequence) = 0;
    /// From now on it is about to be removed.
    virtual void let_leave(std::int64_t sequence) = 0;
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
