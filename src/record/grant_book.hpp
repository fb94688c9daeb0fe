#pragma once

#include "approvekit/storage.hpp"
#include "record/unit_of_work.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace approvekit::record {

/// Counts a start as a use of a grant, and says whether the grant lets it start (G17). For one start: it looks into the
/// record once, when it is made. Refers to the unit of work and to the use, which must outlive it; the owner of the work
/// commits.
class GrantBook {
public:
    GrantBook(UnitOfWork& work, const GrantUse& use);

    /// Whether the grant lets one more call start now. A clock that was set back is no earlier than the last use.
    [[nodiscard]] bool has_room() const noexcept { return has_room_; }
    /// The call starts now: its intent has the entry `start`.
    void count(const std::string& start);

private:
    [[nodiscard]] bool look();

    UnitOfWork& work_;
    const GrantUse& use_;
    std::optional<StoredGrantUse> last_;
    std::int64_t used_ = 0;  ///< with uses that were taken out of the record: each would count once more otherwise
    bool has_room_;
};

}  // namespace approvekit::record
