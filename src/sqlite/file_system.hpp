#pragma once

struct sqlite3_file;

namespace approvekit::sqlite {

class LockedFile;

/// Returns the name under which SQLite knows our file system (VFS). It works as the system's own one, except for two
/// things.
///
/// All locks are ByteLocks. They stay when another part of the process opens and closes the file. With SQLite's own
/// locks, a tool that reads the database file drops every lock of its process. Ours are on the same bytes as SQLite's,
/// so foreign programs and ours wait for each other.
///
/// A log or a journal is not opened by the name of a database that was moved away or replaced, since it may belong to
/// another one. SQLITE_FCNTL_HAS_MOVED tells more than the system does: see Place.
///
/// Returns null, which means SQLite's own file system, if the system has no such locks. Thread-safe; created at the
/// first use.
[[nodiscard]] const char* file_system_name();

/// Returns the LockedFile of a database that was opened like this, or null if it was opened in another way.
[[nodiscard]] LockedFile* locked_file_of(sqlite3_file* database) noexcept;

}  // namespace approvekit::sqlite
