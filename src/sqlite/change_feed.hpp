#pragma once

#include "approvekit/storage.hpp"
#include "record/listeners.hpp"
#include "sqlite/changes_table.hpp"
#include "sqlite/connection.hpp"
#include "sqlite/watcher.hpp"

#include <memory>
#include <vector>

namespace approvekit::sqlite {

using record::Listeners;

/// Finds what other processes changed, at a cost that depends only on the number of changes. Belongs to the watcher's
/// thread.
class ChangeFeed {
public:
    ChangeFeed(const std::filesystem::path& path, bool read_only, std::shared_ptr<Listeners> listeners);

    /// Whether it can still see changes. If not, a new one must be made.
    [[nodiscard]] bool is_current() const { return connection_.is_current(); }

    /// Tells the listeners what is new. Does not wait for locks.
    [[nodiscard]] Looked look();

private:
    [[nodiscard]] std::vector<Change> read_new();

    Connection connection_;
    ChangesTable changes_;
    std::shared_ptr<Listeners> listeners_;
    std::int64_t last_ = -1;
};

}  // namespace approvekit::sqlite
