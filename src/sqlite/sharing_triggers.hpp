#pragma once

#include "approvekit/sqlite_storage.hpp"

#include <string>
#include <vector>

namespace approvekit::sqlite {

struct Trigger {
    std::string name;
    std::string sql;
    int since_version = 1;  ///< of the schema
};

/// The triggers of a file of that kind, by which its kind is told. They serve foreign writers alone, since triggers are
/// off on our own connections. Those of an open file note what such a writer changes, so that it wakes who waits and
/// takes its place in the audit; those of a closed one refuse it with a sentence.
[[nodiscard]] const std::vector<Trigger>& triggers_of(Sharing sharing);

}  // namespace approvekit::sqlite
