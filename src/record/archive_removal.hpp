#pragma once

#include "record/unit_of_work.hpp"

#include <cstdint>
#include <functional>

namespace approvekit::record {

/// Removes from the record what its last archive holds and does not keep, a little in each transaction. After each of them
/// the record is whole: the chain begins behind what was removed, and of a request all rows go with its first entry.
class ArchiveRemoval {
public:
    explicit ArchiveRemoval(UnitOfWork& work) noexcept : tables_(work.tables) {}

    /// A few entries more; false when nothing is left to remove.
    bool some();
    [[nodiscard]] std::int64_t removed() const noexcept { return removed_; }

private:
    bool remove_leaving();
    bool remove_next();
    /// False: what a grant has of uses is removed first, of which there is more.
    [[nodiscard]] bool remove(std::int64_t sequence, const AuditRecord& record);
    [[nodiscard]] bool remove_uses(const std::string& grant);
    void remove_rows(const std::string& request_id);

    Tables& tables_;
    std::int64_t removed_ = 0;
};

/// Whether the last archive has something that is not removed yet.
[[nodiscard]] bool is_anything_to_remove(Tables& tables);

}  // namespace approvekit::record
