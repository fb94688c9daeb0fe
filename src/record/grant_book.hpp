#pragma once

#include "approvekit/storage.hpp"
#include "record/unit_of_work.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace approvekit::record {

/// Counts one start as a use of a grant, and tells whether the grant allows it (G17). Made for one start: reads the
/// record once, when it is constructed. Refers to the unit of work and to the use, which must outlive it. The owner of
/// the unit of work commits.
class GrantBook {
public:
    GrantBook(UnitOfWork& work, const GrantUse& use);

    /// Whether the grant allows one more call to start now. If the clock was set back, now is no earlier than the last
    /// use.
    [[nodiscard]] bool has_room() const noexcept { return has_room_; }
    /// The call starts now; `start` is the entry id of its intent.
    void count(const std::string& start);

private:
    [[nodiscard]] bool look();

    UnitOfWork& work_;
    const GrantUse& use_;
    std::optional<StoredGrantUse> last_;
    std::int64_t used_ = 0;  ///< with uses that were removed from the record; these would be available again otherwise
    bool has_room_;
};

}  // namespace approvekit::record
