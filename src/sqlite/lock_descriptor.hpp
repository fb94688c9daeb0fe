#pragma once

#include "base/file_descriptor.hpp"

#include <functional>

namespace approvekit::sqlite {

/// A descriptor for locks that belong to its open file description, and so last as long as its last copy. A forked
/// child closes its copies at once: what a process has locked is free when that process is gone, whoever it forked.
/// (The system call alone, made past the C library, tells nobody; such a child keeps them.)
///
/// Not thread-safe by itself, but any thread may fork at any time.
class LockDescriptor {
public:
    LockDescriptor();
    /// No fork comes between the opening and the registration. Throws what `opening` throws.
    explicit LockDescriptor(const std::function<FileDescriptor()>& opening);
    ~LockDescriptor();

    LockDescriptor(const LockDescriptor&) = delete;
    LockDescriptor& operator=(const LockDescriptor&) = delete;

    void open(const std::function<FileDescriptor()>& opening);
    void swap(LockDescriptor& other) noexcept;

    /// -1 in a forked child.
    [[nodiscard]] int get() const noexcept { return file_.get(); }
    [[nodiscard]] explicit operator bool() const noexcept { return static_cast<bool>(file_); }

private:
    struct Registry;

    FileDescriptor file_;
    LockDescriptor* previous_ = nullptr;
    LockDescriptor* next_ = nullptr;
};

}  // namespace approvekit::sqlite
