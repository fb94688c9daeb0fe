#pragma once

#include "approvekit/storage.hpp"
#include "record/grant_control.hpp"
#include "record/ledger.hpp"
#include "record/tables.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>

namespace approvekit::record {

/// A record that a storage has open, in any engine. RecordStorage turns it into a storage. Thread-safe.
class OpenRecord {
public:
    virtual ~OpenRecord() = default;

    /// Every public call of the storage begins with this. Throws StorageError if the storage must not be used any more,
    /// for instance in a child of fork().
    virtual void enter() const = 0;

    /// Needed by every call that writes. Throws StorageError (storage_read_only) if the record can only be read.
    [[nodiscard]] virtual Ledger& ledger() = 0;

    /// Records this process's session if there is none yet. Operations that need a session call this first, so that
    /// nothing can fail any more once their own rows are on record.
    virtual void start_session() = 0;

    /// From now on, what finish() leaves to a later commit is written soon, even if no call follows.
    virtual void start_attending() = 0;

    /// The current time, by the record's clock.
    [[nodiscard]] virtual Moment moment() const = 0;

    /// What this process has met of grants; null if the record can only be read.
    [[nodiscard]] virtual KnownGrants* known_grants() noexcept = 0;
    /// The same, with the record's version, which must be read before anything of a grant is.
    [[nodiscard]] virtual Reading reading() = 0;

    /// Calls `look` with the tables. May call it again if a connection is lost.
    virtual void read(const std::function<void(Tables&)>& look) = 0;
    /// The same, with the tables as they are at one moment.
    virtual void snapshot(const std::function<void(Tables&)>& look) = 0;

    /// Returns the last place of the audit up to which no new entry can appear, for looks that begin after this
    /// returns. If several chains take places from one sequence, it waits for those who are writing, and other calls do
    /// not wait with it. Throws StorageError: storage_read_only if the record cannot tell, and storage_busy if somebody
    /// has been writing for too long.
    [[nodiscard]] virtual std::int64_t settled_end() { return std::numeric_limits<std::int64_t>::max(); }

    /// These three as in Storage.
    virtual std::size_t sweep() = 0;
    virtual void flush() = 0;
    [[nodiscard]] virtual std::unique_ptr<Subscription> subscribe(std::shared_ptr<ChangeListener> listener) = 0;
};

}  // namespace approvekit::record
