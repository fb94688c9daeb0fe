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

/// The grants that an agent found on record and good, by tool: a call that one of them covers need not read them again
/// while nobody else has written to the record. Its start looks at uses, time and revocation anyway. Thread-safe. In a forked child there are none.
class FoundGrants {
public:
    using List = std::shared_ptr<const std::vector<GivenGrant>>;

    /// Null for none.
    [[nodiscard]] List of(const std::string& tool_name) const;
    /// Takes the place of what was found of that tool before.
    void set(const std::string& tool_name, List found);
    /// Has the next call of that tool read them again.
    void forget(const std::string& tool_name);

private:
    const ::pid_t process_ = ::getpid();
    mutable std::mutex mutex_;  // guards the lists
    std::map<std::string, List> lists_;
};

}  // namespace approvekit::detail
