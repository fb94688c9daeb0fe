#pragma once

#include "approvekit/request.hpp"
#include "approvekit/reviewer.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <string>

namespace approvekit::terminal {

/// What of the requests that wait has been on the screen. Not thread-safe.
class SeenRequests {
public:
    /// This much of `request` was shown. Once seen whole, a view stays so however little of it is shown again.
    void add(const ApprovalRequest& request, Shown shown);

    /// Whether any view of it was shown.
    [[nodiscard]] bool has(const ApprovalRequest& request) const;

    /// How much of the very view was shown that `request` has now; Shown::by_id: nothing.
    [[nodiscard]] Shown shown(const ApprovalRequest& request) const;

    void forget(const std::string& id) { seen_.erase(id); }

    /// Forgets the requests that wait no longer.
    void forget_ended(Storage& storage);

    [[nodiscard]] std::size_t size() const noexcept { return seen_.size(); }

private:
    struct Look {
        std::string view;  ///< tells this view of it from any other
        Shown shown = Shown::in_part;
    };

    std::map<std::string, Look, std::less<>> seen_;  // by id
};

}  // namespace approvekit::terminal
