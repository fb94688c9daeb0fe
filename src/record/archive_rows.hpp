#pragma once

#include "approvekit/audit_archive.hpp"
#include "approvekit/error.hpp"
#include "record/retention_tables.hpp"
#include "record/stored_rows.hpp"

#include <cstdint>
#include <string>
#include <utility>

/// The rows that a record keeps about its archives.
namespace approvekit::record {

/// The columns of the listing of approvekit_archive_start, in order.
struct ChainStartColumn {
    enum : int { place, hash, first };
};

template <StoredRows Rows>
[[nodiscard]] ChainStart read_chain_start(const Rows& row) {
    const std::int64_t place = row.integer(ChainStartColumn::place);
    const std::string hash = row.binary(ChainStartColumn::hash);
    // Nothing follows an end that cannot be read, which verifying detects.
    auto ends = ChainEnds::of_bytes(hash, place).value_or(ChainEnds(place, hash));
    return {.place = place, .ends = std::move(ends), .first = row.text(ChainStartColumn::first)};
}

/// For a listing of approvekit_archives with the single column `line`. Throws StorageError (storage_corrupt).
template <StoredRows Rows>
[[nodiscard]] ArchiveAnchor read_anchor(const Rows& row) {
    try {
        return ArchiveAnchor::parse(row.bytes(0));
    } catch (const Error&) {
        throw StorageError(ErrorCode::storage_corrupt, "what the record says of an archive is not the line of one");
    }
}

/// The columns of a listing of approvekit_archive_kept, in order.
struct KeptColumn {
    enum : int { sequence, before, leaves };
};

template <StoredRows Rows>
[[nodiscard]] KeptEntry read_kept(const Rows& row) {
    return {.sequence = row.integer(KeptColumn::sequence),
            .before = row.binary(KeptColumn::before),
            .leaves = row.flag(KeptColumn::leaves)};
}

}  // namespace approvekit::record
