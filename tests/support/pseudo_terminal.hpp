#pragma once

#include "support/owned_file.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#ifdef __linux__
#include <linux/mount.h>
#include <sys/syscall.h>
#endif

namespace approvekit::testing {

/// A terminal for a program: what a person would see and type is at `ours`.
///
/// A bare chroot has no /dev/pts. Root can still get a terminal there, from a file system that is mounted nowhere.
class PseudoTerminal {
public:
    PseudoTerminal() : ours_(open_ours()) {
        ::grantpt(ours_.get());
        ::unlockpt(ours_.get());
        theirs_ = OwnedFile(open_theirs());
    }

    [[nodiscard]] OwnedFile& ours() noexcept { return ours_; }
    [[nodiscard]] const OwnedFile& theirs() const noexcept { return theirs_; }

    /// The path at which a child, which inherits `theirs`, opens it as its controlling terminal.
    [[nodiscard]] std::string path() const {
        return devpts_.is_open() ? "/proc/self/fd/" + std::to_string(theirs_.get()) : ::ptsname(ours_.get());
    }

private:
    static constexpr int flags = O_RDWR | O_NOCTTY | O_CLOEXEC;

    int open_ours() {
        const int file = ::posix_openpt(flags);
#ifdef __linux__
        if (file < 0 && mount_devpts()) return ::openat(devpts_.get(), "ptmx", flags);
#endif
        return file;
    }

    [[nodiscard]] int open_theirs() const {
#ifdef __linux__
        if (devpts_.is_open()) return ::ioctl(ours_.get(), TIOCGPTPEER, flags);
#endif
        return ::open(::ptsname(ours_.get()), flags);
    }

#ifdef __linux__
    /// Uses system calls, since the C library of Ubuntu 22.04 does not have these functions.
    bool mount_devpts() {
        const auto context = static_cast<int>(::syscall(SYS_fsopen, "devpts", FSOPEN_CLOEXEC));
        if (context < 0) return false;
        const OwnedFile closes_it(context);
        if (::syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, nullptr, nullptr, 0) != 0) return false;
        const auto mount = static_cast<int>(::syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC, 0));
        if (mount >= 0) devpts_ = OwnedFile(mount);
        return devpts_.is_open();
    }
#endif

    OwnedFile devpts_;  // if it had to be mounted
    OwnedFile ours_;
    OwnedFile theirs_;
};

}  // namespace approvekit::testing
