#include "faulty_memory.hpp"

#include <stdexcept>

namespace approvekit::testing {
namespace {

// SQLite passes these functions only a size, so they have to find their object themselves.
FaultyMemory* current = nullptr;

void configure(const sqlite3_mem_methods& methods) {
    sqlite3_shutdown();
    if (sqlite3_config(SQLITE_CONFIG_MALLOC, &methods) != SQLITE_OK || sqlite3_initialize() != SQLITE_OK) {
        throw std::runtime_error("SQLite takes no other memory");
    }
}

}  // namespace

FaultyMemory::FaultyMemory() {
    sqlite3_shutdown();
    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &memory_);
    current = this;
    sqlite3_mem_methods faulty = memory_;
    faulty.xMalloc = allocate;
    faulty.xRealloc = resize;
    configure(faulty);
}

FaultyMemory::~FaultyMemory() {
    sqlite3_shutdown();
    sqlite3_config(SQLITE_CONFIG_MALLOC, &memory_);
    current = nullptr;
}

void FaultyMemory::arm(int nth, bool lasting) {
    nth_ = nth;
    lasting_ = lasting;
    seen_ = 0;
    thread_ = std::this_thread::get_id();
}

bool FaultyMemory::disarm() {
    thread_ = std::thread::id{};
    return seen_ >= nth_;
}

void* FaultyMemory::allocate(int size) {
    return current->fails() ? nullptr : current->memory_.xMalloc(size);
}

void* FaultyMemory::resize(void* memory, int size) {
    return current->fails() ? nullptr : current->memory_.xRealloc(memory, size);
}

bool FaultyMemory::fails() noexcept {
    if (std::this_thread::get_id() != thread_.load()) return false;
    ++seen_;
    return lasting_ ? seen_ >= nth_ : seen_ == nth_;
}

}  // namespace approvekit::testing
