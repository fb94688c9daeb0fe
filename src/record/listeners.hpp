#pragma once

#include "approvekit/storage.hpp"

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace approvekit::record {

/// The listeners that want to know of changes. Thread-safe. A listener may still be called while its subscription ends.
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

}  // namespace approvekit::record
