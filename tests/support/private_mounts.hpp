#pragma once

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

/// What this process mounts from now on is seen only by it and its children. Cannot be undone, so call it in a child.
inline void enter_private_mounts() {
    const auto check = [](bool good, const char* what) {
        if (!good) throw std::system_error(errno, std::generic_category(), what);
    };
    const ::uid_t user = ::geteuid();
    const ::gid_t group = ::getegid();
    check(::unshare(user == 0 ? CLONE_NEWNS : CLONE_NEWNS | CLONE_NEWUSER) == 0, "unshare");
    if (user != 0) {
        std::ofstream("/proc/self/setgroups") << "deny";
        std::ofstream("/proc/self/uid_map") << "0 " << user << " 1";
        std::ofstream("/proc/self/gid_map") << "0 " << group << " 1";
    }
    check(::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0, "private mounts");
}

/// Makes `what` appear also at `where`, which must exist. `flags` are for instance MS_RDONLY.
inline void mount_again(const std::filesystem::path& what, const std::filesystem::path& where,
                        unsigned long flags = 0) {
    if (::mount(what.c_str(), where.c_str(), nullptr, MS_BIND, nullptr) != 0 ||
        (flags != 0 && ::mount(nullptr, where.c_str(), nullptr, MS_BIND | MS_REMOUNT | flags, nullptr) != 0)) {
        throw std::system_error(errno, std::generic_category(), "cannot mount " + where.string());
    }
}
