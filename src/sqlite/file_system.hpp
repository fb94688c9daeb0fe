#pragma once

namespace approvekit::sqlite {

/// The name under which SQLite knows our way to files: that of the system, but for two things.
///
/// All locks are of the kind that survives when some other part of the process opens and closes the file (ByteLocks).
/// With SQLite's own, a tool that reads the database file lets go of every lock of its process. They stand on the bytes
/// that SQLite uses, so foreign programs and ours wait for each other.
///
/// And a log or a journal is not opened by the name of a file that has been moved away or replaced: it may be another's.
///
/// Null, which means SQLite's own way, where the system has no such locks. Thread-safe; made at the first use.
[[nodiscard]] const char* file_system_name();

}  // namespace approvekit::sqlite
