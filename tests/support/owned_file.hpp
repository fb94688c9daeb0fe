#pragma once

#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace approvekit::testing {

/// A file descriptor that closes itself.
class OwnedFile {
public:
    OwnedFile() = default;
    explicit OwnedFile(int file) : file_(file) {
        if (file < 0) throw std::system_error(errno, std::generic_category(), "cannot open a file");
    }
    ~OwnedFile() { close(); }
    OwnedFile(OwnedFile&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
    OwnedFile& operator=(OwnedFile&& other) noexcept {
        std::swap(file_, other.file_);
        return *this;
    }

    void close() noexcept {
        if (file_ >= 0) ::close(std::exchange(file_, -1));
    }
    [[nodiscard]] int get() const noexcept { return file_; }
    [[nodiscard]] bool is_open() const noexcept { return file_ >= 0; }

private:
    int file_ = -1;
};

}  // namespace approvekit::testing
