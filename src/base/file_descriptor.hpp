#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <utility>

namespace approvekit::base {

/// Owns a file descriptor and closes it. Not thread-safe. A moved-from object is empty.
class FileDescriptor {
public:
    FileDescriptor() noexcept = default;
    explicit FileDescriptor(int number) noexcept : number_(number) {}
    ~FileDescriptor() { reset(); }

    FileDescriptor(FileDescriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    FileDescriptor& operator=(FileDescriptor&& other) noexcept {
        if (this != &other) {
            reset();
            number_ = std::exchange(other.number_, -1);
        }
        return *this;
    }
    FileDescriptor(const FileDescriptor&) = delete;
    FileDescriptor& operator=(const FileDescriptor&) = delete;

    [[nodiscard]] int get() const noexcept { return number_; }
    [[nodiscard]] explicit operator bool() const noexcept { return number_ >= 0; }
    void reset() noexcept;

private:
    int number_ = -1;
};

/// Reads until `bytes` is full or the file ends. Returns how many bytes were read, or nothing, with errno set, if
/// reading fails.
[[nodiscard]] std::optional<std::size_t> read_up_to(int file, std::span<std::byte> bytes) noexcept;

}  // namespace approvekit::base
