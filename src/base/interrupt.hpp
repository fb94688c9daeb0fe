#pragma once

#include "base/file_descriptor.hpp"

namespace approvekit::base {

/// A flag that one thread raises and another waits for beside other descriptors.
///
/// raise() is for all threads and for signal handlers, clear() for the one that waits.
class Interrupt {
public:
    /// Throws StorageError (storage_io) when descriptors run out.
    Interrupt();

    /// Readable from the first raise() to the next clear().
    [[nodiscard]] int descriptor() const noexcept { return reader_.get(); }

    void raise() noexcept;

    /// Returns whether it was raised.
    bool clear() noexcept;

private:
    FileDescriptor reader_;
    FileDescriptor writer_;  ///< empty where one descriptor serves both ends
};

}  // namespace approvekit::base
