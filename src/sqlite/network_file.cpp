#include "sqlite/network_file.hpp"

#ifdef __linux__
#include <algorithm>
#include <array>
#include <cstdint>

#include <sys/vfs.h>
#endif

namespace approvekit::sqlite {

#ifdef __linux__
namespace {

bool is_network(const struct statfs& status) noexcept {
    constexpr std::array<std::uint32_t, 6> types{0x6969U,     0xFF534D42U, 0xFE534D42U,   // NFS, CIFS, SMB 2
                                                 0x65735546U, 0x01021997U, 0x00C36400U};  // FUSE, 9P, Ceph
    return std::find(types.begin(), types.end(), static_cast<std::uint32_t>(status.f_type)) != types.end();
}

}  // namespace

bool is_on_network(int file) noexcept {
    struct statfs status {};
    return ::fstatfs(file, &status) == 0 && is_network(status);
}

bool is_on_network(const std::filesystem::path& path) noexcept {
    struct statfs status {};
    return ::statfs(path.c_str(), &status) == 0 && is_network(status);
}
#else
bool is_on_network(int) noexcept {
    return false;
}

bool is_on_network(const std::filesystem::path&) noexcept {
    return false;
}
#endif

}  // namespace approvekit::sqlite
