#pragma once

#include <filesystem>

namespace approvekit::bench {

/// Creates a database with that many audit entries. Their hashes are made up, so it is only for reading.
void make_long_audit(const std::filesystem::path& path, int entries);

}  // namespace approvekit::bench
