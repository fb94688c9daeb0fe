#pragma once

struct sqlite3_file;

namespace approvekit::sqlite {

class LockedFile;

/// The name under which SQLite knows our way to files: that of the system, but for two things.
///
/// All locks are ByteLocks: they last although another part of the process opens and closes the file.
/// With SQLite's own, a tool that reads the database file lets go of every lock of its process. They stand on the bytes
/// that SQLite uses, so foreign programs and ours wait for each other.
///
/// And a log or a journal is not opened by the name of a file that has been moved away or replaced: it may be another's.
/// SQLITE_FCNTL_HAS_MOVED tells more than the system does: see Place.
///
/// Null, which means SQLite's own way, where the system has no such locks. Thread-safe; made at the first use.
[[nodiscard]] const char* file_system_name();

/// What belongs to a database that was opened so; null for one that was opened in another way.
[[nodiscard]] LockedFile* locked_file_of(sqlite3_file* database) noexcept;

}  // namespace approvekit::sqlite
