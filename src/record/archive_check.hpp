#pragma once

#include "record/tables.hpp"

#include <optional>
#include <string>

namespace approvekit::record {

/// Of the entry of an archive: what is wrong with the archive that it tells of, or nothing.
[[nodiscard]] std::string misfit_of_archive_entry(const AuditRecord& entry, Archives& archives);

struct ArchiveMisfit {
    std::string id;  ///< of the archive
    std::string what;
};

/// What is wrong with the archives: each must be told of, begin where the one before it ends, and the chain must begin
/// within the last one.
[[nodiscard]] std::optional<ArchiveMisfit> misfit_of_archives(Tables& tables);

/// The metadata of the entry that tells of it.
[[nodiscard]] std::string archive_metadata(const ArchiveAnchor& anchor);

}  // namespace approvekit::record
