#pragma once

#include <fcntl.h>
#include <unistd.h>

namespace approvekit::tools {

/// A file that is open as long as this object lives. Owns the descriptor; not thread-safe.
class OpenFile {
public:
    /// False if the file could not be opened; errno says why.
    OpenFile(const char* path, int flags) noexcept : number_(::open(path, flags | O_CLOEXEC | O_NOCTTY)) {}
    ~OpenFile() {
        if (number_ >= 0) ::close(number_);
    }
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;

    [[nodiscard]] explicit operator bool() const noexcept { return number_ >= 0; }
    [[nodiscard]] int get() const noexcept { return number_; }

private:
    int number_;
};

}  // namespace approvekit::tools
