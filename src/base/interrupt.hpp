#pragma once

#include "base/file_descriptor.hpp"

namespace approvekit::base {

/// A flag that one thread raises and another waits for, together with other descriptors.
///
/// All threads and signal handlers may call raise(). Only the waiting thread may call clear().
class Interrupt {
public:
    /// Throws StorageError (storage_io) if there are no descriptors left.
    Interrupt();

    /// Readable from the first raise() to the next clear().
    [[nodiscard]] int descriptor() const noexcept { return reader_.get(); }

    void raise() noexcept;

    /// Returns whether the flag was raised.
    bool clear() noexcept;

private:
    FileDescriptor reader_;
    FileDescriptor writer_;  ///< empty if one descriptor serves as both ends
};

}  // namespace approvekit::base
