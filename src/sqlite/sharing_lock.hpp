#pragma once

#include "sqlite/connection.hpp"

namespace approvekit::sqlite {

/// Held from the look at who may write a file until the journal that suits is chosen. Nobody changes the one meanwhile,
/// so nobody takes up a write-ahead log that the other writers must not meet. Where the system has no locks of our kind
/// there is nothing to hold: closed files have no such log there.
class SharingLock {
public:
    /// Shares it with all who open the file. Waits as long as a write does; then throws StorageError (storage_busy).
    explicit SharingLock(Connection& connection);
    ~SharingLock();
    SharingLock(const SharingLock&) = delete;
    SharingLock& operator=(const SharingLock&) = delete;

    /// Holds it alone, after a moment in which it is not held. Waits and throws as the constructor does.
    void make_exclusive();

private:
    void take(bool exclusively);

    Connection& connection_;
    LockedFile* file_;
};

}  // namespace approvekit::sqlite
