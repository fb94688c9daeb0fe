#pragma once

#include "record/archive_file.hpp"
#include "record/tables.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace approvekit::record {

/// Returns what is wrong with the archive that an entry is about, or an empty text, also for any other entry.
[[nodiscard]] std::string misfit_of_archive_entry(const AuditRecord& entry, Archives& archives);

struct ArchiveMisfit {
    std::string id;  ///< of the archive
    std::string what;
};

/// Returns what is wrong with the archives. Each must have its entry and begin where the one before it ends, and the
/// chain must begin within the last one.
[[nodiscard]] std::optional<ArchiveMisfit> misfit_of_archives(Tables& tables);

/// The digest of the entries that an archive left in the record: of their places and hashes, in order.
class KeptDigest {
public:
    /// An empty hash means that another program wrote it.
    void add(std::int64_t sequence, std::string_view hash);
    /// Returns the digest in hexadecimal. To be called once.
    [[nodiscard]] std::string finish() { return digest_.finish(); }

private:
    RunningDigest digest_;
};

/// Returns the metadata of the entry about it.
[[nodiscard]] std::string archive_metadata(const ArchiveAnchor& anchor);

}  // namespace approvekit::record
