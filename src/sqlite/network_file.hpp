#pragma once

#include <filesystem>

namespace approvekit::sqlite {

/// Whether a file may be in use on other hosts too, which keep writes back until they are told to sync and share no
/// memory: NFS, CIFS, 9P, Ceph, and FUSE, behind which there may be anything.
[[nodiscard]] bool is_on_network(int file) noexcept;
[[nodiscard]] bool is_on_network(const std::filesystem::path& path) noexcept;

}  // namespace approvekit::sqlite
