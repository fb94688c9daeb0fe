#pragma once

#include "base/file_descriptor.hpp"

#include <string>

#include <sys/stat.h>

namespace approvekit::sqlite {

/// Opens an existing file. Never on the numbers of the standard streams, which a program may close and then write to.
/// Empty where it fails, with errno set.
[[nodiscard]] FileDescriptor open_existing_file(const std::string& path, bool for_writing) noexcept;

/// Whether the path leads to that very file.
[[nodiscard]] bool stands_at(const std::string& path, const struct stat& file) noexcept;

/// Opens a file beside the database that all its users share; `for_writing` makes it, with the owner and the permissions
/// of the `database`, where it is not there. Empty where it fails, or where objection_to() has something against it.
[[nodiscard]] FileDescriptor open_shared_file(const std::string& path, const struct stat& database,
                                              bool for_writing) noexcept;

}  // namespace approvekit::sqlite
