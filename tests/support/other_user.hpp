#pragma once

#include <cerrno>
#include <system_error>

#include <grp.h>
#include <unistd.h>

/// Another user of this machine, who need not have a name.
struct OtherUser {
    ::uid_t id;
    ::gid_t team;  ///< a group that it shares with others; its own group has the same number as the user

    /// Cannot be undone, so call it in a child. Needs root.
    void become() const {
        if (::setgroups(1, &team) != 0 || ::setgid(id) != 0 || ::setuid(id) != 0) {
            throw std::system_error(errno, std::generic_category(), "cannot become another user");
        }
    }
};
