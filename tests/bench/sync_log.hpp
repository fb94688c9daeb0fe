#pragma once

#include <map>
#include <string>

namespace approvekit::bench {

/// Counts the syncs that this process asks for, by the end of the file's name: "-journal", "-wal", ".db".
///
/// It replaces fsync() and fdatasync() of the C library, so it sees the calls of every library.
class SyncLog {
public:
    using Counts = std::map<std::string, int>;

    /// Starts counting from zero.
    static void start();

    /// The counts since the start.
    [[nodiscard]] static Counts stop();
};

}  // namespace approvekit::bench
