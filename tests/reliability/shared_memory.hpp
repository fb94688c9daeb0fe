#pragma once

#include <cerrno>
#include <memory>
#include <system_error>

#include <sys/mman.h>

namespace approvekit::testing {

/// A value that this process shares with the children it forks, whatever happens to them.
template <typename Value>
class SharedMemory {
public:
    SharedMemory() {
        void* const memory = ::mmap(nullptr, sizeof(Value), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED) throw std::system_error(errno, std::generic_category(), "mmap");
        value_ = std::construct_at(static_cast<Value*>(memory));
    }
    ~SharedMemory() { ::munmap(value_, sizeof(Value)); }
    SharedMemory(const SharedMemory&) = delete;
    SharedMemory& operator=(const SharedMemory&) = delete;

    [[nodiscard]] Value& operator*() const noexcept { return *value_; }
    [[nodiscard]] Value* operator->() const noexcept { return value_; }

private:
    Value* value_;
};

}  // namespace approvekit::testing
