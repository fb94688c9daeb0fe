#pragma once

#include "approvekit/record_storage.hpp"
#include "memory/database.hpp"

#include <memory>

namespace approvekit::memory {

/// A storage on a record in memory: what an agent or a reviewer opens, as another process would open a file. Once
/// somebody has subscribed, it sweeps on its own thread. Listeners are called on the thread that made the change.
/// Thread-safe.
class MemoryStorage : public RecordStorage {
public:
    explicit MemoryStorage(std::shared_ptr<Database> database);

    /// Flushes, ends this agent's pending requests, and closes. After die() it does none of that.
    ~MemoryStorage() override;

    MemoryStorage(const MemoryStorage&) = delete;
    MemoryStorage& operator=(const MemoryStorage&) = delete;

    /// Acts as if the process were killed: what is not on record yet never gets there, and from now on every call
    /// throws storage_io. A running sweep has ended when this returns, unless the sweep itself called this.
    void die();

    /// Does what the destructor does. Later calls are still answered.
    void end_session();

    /// Acts as if the process gave no sign of life for a long time without noticing; and as if it gave one again.
    void stop_showing_life();
    void show_life();

private:
    class Implementation;

    [[nodiscard]] record::OpenRecord& opened() final;

    std::unique_ptr<Implementation> implementation_;
};

}  // namespace approvekit::memory
