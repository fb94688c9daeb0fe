#pragma once

#include "record/archive_file.hpp"
#include "record/tables.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

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

/// What is told of the entries that an archive left in the record: places and hashes, in their order.
class KeptDigest {
public:
    /// An empty hash: another program wrote it.
    void add(std::int64_t sequence, std::string_view hash);
    /// Hexadecimal, once.
    [[nodiscard]] std::string finish() { return digest_.finish(); }

private:
    RunningDigest digest_;
};

/// The metadata of the entry that tells of it.
[[nodiscard]] std::string archive_metadata(const ArchiveAnchor& anchor);

}  // namespace approvekit::record
