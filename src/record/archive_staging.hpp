#pragma once

#include "record/archive_plan.hpp"

#include <cstddef>
#include <string>

namespace approvekit::record {

/// Puts what an archive leaves in the record there before the record tells of that archive, a little in each transaction, so
/// that nobody waits for all of it. Until the plan is settled it means nothing: what somebody leaves who is killed is removed
/// by the next one.
class ArchiveStaging {
public:
    /// For the archive with that id. The plan outlives it.
    ArchiveStaging(const ArchivePlan& plan, std::string id) : plan_(plan), id_(std::move(id)) {}

    /// A few rows more, in a transaction, which may be run again until it is committed. Throws StorageError (storage_busy)
    /// where somebody else archives.
    void some(Tables& tables);
    /// That transaction is committed. Returns whether there is more to do.
    [[nodiscard]] bool go_on() noexcept;

private:
    struct Progress {
        bool has_begun = false;
        bool is_clear = false;  ///< nothing is left of earlier plans
        std::size_t rows = 0;
    };

    void begin(Tables& tables) const;
    [[nodiscard]] std::size_t all_rows() const noexcept { return plan_.kept().size() + plan_.leaving().size(); }
    void write(Tables& tables, std::size_t row) const;

    const ArchivePlan& plan_;
    std::string id_;
    Progress committed_;
    Progress reached_;
};

}  // namespace approvekit::record
