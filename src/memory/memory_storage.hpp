#pragma once

#include "approvekit/record_storage.hpp"
#include "memory/database.hpp"

#include <memory>

namespace approvekit::memory {

/// A storage over a record in memory: what an agent or a reviewer opens, as another process would open a file. It sweeps
/// on a thread of its own once somebody has subscribed; listeners are told on the thread that made the change.
/// Thread-safe.
class MemoryStorage : public RecordStorage {
public:
    explicit MemoryStorage(std::shared_ptr<Database> database);

    /// Flushes, ends this agent's pending requests, and closes; not after die().
    ~MemoryStorage() override;

    MemoryStorage(const MemoryStorage&) = delete;
    MemoryStorage& operator=(const MemoryStorage&) = delete;

    /// As though the process were killed: nothing that is not on record by now ever comes there, and every call from
    /// here on throws storage_io. A sweep that is under way has ended when this returns, but for one that calls this.
    void die();

    /// What the destructor does. What is asked of it after that is still answered.
    void end_session();

    /// As though the process gave no sign of life for long, which it does not notice; and as though it gave one again.
    void stop_showing_life();
    void show_life();

private:
    class Implementation;

    [[nodiscard]] record::OpenRecord& opened() final;

    std::unique_ptr<Implementation> implementation_;
};

}  // namespace approvekit::memory
