#pragma once

#include "base/file_descriptor.hpp"

#include <string>

#include <sys/stat.h>

namespace approvekit::sqlite {

/// Opens an existing file. Never on the numbers of the standard streams, which a program may close and then write to.
/// Empty where it fails, with errno set.
[[nodiscard]] FileDescriptor open_existing_file(const std::string& path, bool for_writing) noexcept;

/// Opens a file beside the database that all its users share, or makes it with the owner and the permissions of the
/// `database`. Empty where it fails, or where objection_to() has something against it.
[[nodiscard]] FileDescriptor open_shared_file(const std::string& path, const struct stat& database) noexcept;

}  // namespace approvekit::sqlite
