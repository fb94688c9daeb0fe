#pragma once

#include "record/archive_plan.hpp"

#include <cstddef>
#include <string>

namespace approvekit::record {

/// Writes the plan of an archive into the record before the record names that archive: which entries stay, and which
/// leave. It writes a little in each transaction, so that nobody waits for all of it. Until the record names the
/// archive, the plan has no effect: if its process is killed, the next archive removes what it left.
class ArchiveStaging {
public:
    /// For the archive with that id. The plan outlives it.
    ArchiveStaging(const ArchivePlan& plan, std::string id) : plan_(plan), id_(std::move(id)) {}

    /// Writes a few more rows. Runs in a transaction, which may be run again until it is committed. Throws StorageError
    /// (storage_busy) if somebody else is archiving.
    void some(Tables& tables);
    /// To be called when that transaction is committed. Returns whether there is more to write.
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
