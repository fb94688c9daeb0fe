#pragma once

#include "sqlite/lock_descriptor.hpp"

#include <string>

#include <sys/stat.h>

namespace approvekit::sqlite {

/// Opens an existing file in `file`, or takes a descriptor of it that was kept. Never on the numbers of the standard
/// streams, which a program may close and then write to. False, with errno set, where it fails.
[[nodiscard]] bool open_existing_file(LockDescriptor& file, const std::string& path, bool for_writing) noexcept;

/// Whether the path leads to that very file.
[[nodiscard]] bool stands_at(const std::string& path, const struct stat& file) noexcept;

/// Opens a file beside the database that all its users share; `for_writing` makes it, with the owner and the permissions
/// of the `database`, where it is not there. False where it fails, or where objection_to() has something against it.
/// Throws std::bad_alloc.
[[nodiscard]] bool open_shared_file(LockDescriptor& file, const std::string& path, const struct stat& database,
                                    bool for_writing);

}  // namespace approvekit::sqlite
