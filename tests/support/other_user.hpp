#pragma once

#include <cerrno>
#include <system_error>

#include <grp.h>
#include <unistd.h>

/// Another user of this machine. Nobody need have given it a name.
struct OtherUser {
    ::uid_t id;
    ::gid_t team;  ///< a group that it shares with others; the group of its own has the number of its id

    /// For good, so in a child. Takes root.
    void become() const {
        if (::setgroups(1, &team) != 0 || ::setgid(id) != 0 || ::setuid(id) != 0) {
            throw std::system_error(errno, std::generic_category(), "cannot become another user");
        }
    }
};
