#pragma once

#include "record/unit_of_work.hpp"

#include <cstdint>
#include <functional>

namespace approvekit::record {

/// Removes from the record what its last archive contains and does not keep, a little in each transaction. The record
/// is intact after each of them: the chain begins after what was removed, and all rows of a request go with its first
/// entry.
class ArchiveRemoval {
public:
    explicit ArchiveRemoval(UnitOfWork& work) noexcept : tables_(work.tables) {}

    /// Removes a few more entries. Returns false if nothing is left to remove.
    bool some();
    [[nodiscard]] std::int64_t removed() const noexcept { return removed_; }

private:
    bool remove_leaving();
    bool remove_next();
    /// Returns false if more uses of a grant must be removed first.
    [[nodiscard]] bool remove(std::int64_t sequence, const AuditRecord& record);
    [[nodiscard]] bool remove_uses(const std::string& grant);
    void remove_rows(const std::string& request_id);

    Tables& tables_;
    std::int64_t removed_ = 0;
};

/// Whether something that the last archive contains is still to be removed.
[[nodiscard]] bool is_anything_to_remove(Tables& tables);

}  // namespace approvekit::record
