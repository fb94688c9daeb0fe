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

/// Returns the triggers of a file of this kind, which also show the kind of a file. They affect only foreign writers,
/// since triggers are off on our own connections. In an open file they note what such a writer changes, so that it
/// wakes those who wait and gets its place in the audit. In a closed file they refuse the writer with an explanation.
[[nodiscard]] const std::vector<Trigger>& triggers_of(Sharing sharing);

}  // namespace approvekit::sqlite
