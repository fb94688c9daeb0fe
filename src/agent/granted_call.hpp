#pragma once

#include "approvekit/storage.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <sys/types.h>
#include <unistd.h>

namespace approvekit::detail {

/// The grants, by tool, that an agent found valid on record. A call that one of them covers does not have to read them
/// again as long as nobody else has written to the record. Its start checks uses, time and revocation anyway.
/// Thread-safe. Empty in a forked child.
class FoundGrants {
public:
    using List = std::shared_ptr<const std::vector<GivenGrant>>;

    /// Returns null if there are none.
    [[nodiscard]] List of(const std::string& tool_name) const;
    /// Replaces what was found before for that tool.
    void set(const std::string& tool_name, List found);
    /// Makes the next call of that tool read them again.
    void forget(const std::string& tool_name);

private:
    const ::pid_t process_ = ::getpid();
    mutable std::mutex mutex_;  // guards the lists
    std::map<std::string, List> lists_;
};

}  // namespace approvekit::detail
