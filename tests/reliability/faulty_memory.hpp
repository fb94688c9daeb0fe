#pragma once

#include <sqlite3.h>

#include <atomic>
#include <thread>

namespace approvekit::testing {

/// Sits between SQLite and the memory of this process while it exists. Create only one at a time, while no database is
/// open. Other threads always get what they ask for.
class FaultyMemory {
public:
    FaultyMemory();
    ~FaultyMemory();
    FaultyMemory(const FaultyMemory&) = delete;
    FaultyMemory& operator=(const FaultyMemory&) = delete;

    /// From now on, the n-th request of this thread (from 1) gets nothing. With `lasting`, neither does any later one.
    void arm(int nth, bool lasting);

    /// Lets all requests pass again. Returns whether a request got nothing.
    bool disarm();

private:
    static void* allocate(int size);
    static void* resize(void* memory, int size);
    [[nodiscard]] bool fails() noexcept;

    sqlite3_mem_methods memory_{};
    std::atomic<std::thread::id> thread_;
    int nth_ = 0;
    bool lasting_ = false;
    int seen_ = 0;
};

}  // namespace approvekit::testing
