#include "sqlite/lock_descriptor.hpp"

#include <mutex>
#include <new>
#include <utility>

#include <pthread.h>

namespace approvekit::sqlite {

/// All of this process. A variable of the file, because pthread_atfork() hands its functions nothing by which they could
/// find it. Chained through its members and never destroyed, so that a child needs no memory and a program that exits
/// may still have some.
struct LockDescriptor::Registry {
    static void add(LockDescriptor& descriptor) {
        static const int installed = ::pthread_atfork(before_fork, in_parent, in_child);
        if (installed != 0) throw std::bad_alloc();
        const std::lock_guard lock(mutex);
        descriptor.next_ = first;
        if (first != nullptr) first->previous_ = &descriptor;
        first = &descriptor;
    }

    static void remove(LockDescriptor& descriptor) noexcept {
        const std::lock_guard lock(mutex);
        (descriptor.previous_ != nullptr ? descriptor.previous_->next_ : first) = descriptor.next_;
        if (descriptor.next_ != nullptr) descriptor.next_->previous_ = descriptor.previous_;
        descriptor.file_.reset();
    }

    static void before_fork() noexcept { mutex.lock(); }
    static void in_parent() noexcept { mutex.unlock(); }

    // Another thread may have held any lock at the fork, the allocator's too: nothing here but close().
    static void in_child() noexcept {
        for (LockDescriptor* each = first; each != nullptr; each = each->next_)
            each->file_.reset();
        mutex.unlock();
    }

    inline static constinit std::mutex mutex;
    inline static constinit LockDescriptor* first = nullptr;
};

LockDescriptor::LockDescriptor() {
    Registry::add(*this);
}

LockDescriptor::LockDescriptor(const std::function<FileDescriptor()>& opening) : LockDescriptor() {
    open(opening);
}

LockDescriptor::~LockDescriptor() {
    Registry::remove(*this);
}

void LockDescriptor::open(const std::function<FileDescriptor()>& opening) {
    const std::lock_guard lock(Registry::mutex);
    file_ = opening();
}

void LockDescriptor::swap(LockDescriptor& other) noexcept {
    const std::lock_guard lock(Registry::mutex);
    std::swap(file_, other.file_);
}

}  // namespace approvekit::sqlite
