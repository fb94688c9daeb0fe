#pragma once

#include <map>
#include <string>

namespace approvekit::bench {

/// Counts what this process asks the disk to make safe, by the end of the file's name: "-journal", "-wal", ".db".
///
/// It stands in for fsync() and fdatasync() of the C library, so it sees the calls of every library.
class SyncLog {
public:
    using Counts = std::map<std::string, int>;

    /// Starts to count again.
    static void start();

    /// The counts since the start.
    [[nodiscard]] static Counts stop();
};

}  // namespace approvekit::bench
