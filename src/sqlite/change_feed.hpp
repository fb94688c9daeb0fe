#pragma once

#include "approvekit/storage.hpp"
#include "sqlite/changes_table.hpp"
#include "sqlite/connection.hpp"
#include "sqlite/watcher.hpp"

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace approvekit::sqlite {

/// Whoever wants to hear of changes. Thread-safe; a listener may still be called while its subscription ends.
class Listeners : public std::enable_shared_from_this<Listeners> {
public:
    [[nodiscard]] std::unique_ptr<Subscription> add(std::shared_ptr<ChangeListener> listener);
    void remove(const ChangeListener* listener) noexcept;

    void tell(const std::vector<Change>& changes) const;
    void tell_failure(const std::string& reason) const;
    [[nodiscard]] bool empty() const;

private:
    [[nodiscard]] std::vector<std::shared_ptr<ChangeListener>> snapshot() const;

    mutable std::mutex mutex_;
    std::vector<std::shared_ptr<ChangeListener>> listeners_;
};

/// Finds what other processes changed, at the cost of the number of changes. Belongs to the watcher's thread.
class ChangeFeed {
public:
    ChangeFeed(const std::filesystem::path& path, bool read_only, std::shared_ptr<Listeners> listeners);

    /// Whether it can still see changes; another has to be made when it cannot.
    [[nodiscard]] bool is_current() const { return connection_.is_current(); }

    /// Tells the listeners of what is new. Does not wait for locks.
    [[nodiscard]] Looked look();

private:
    [[nodiscard]] std::vector<Change> read_new();

    Connection connection_;
    ChangesTable changes_;
    std::shared_ptr<Listeners> listeners_;
    std::int64_t last_ = -1;
};

}  // namespace approvekit::sqlite
