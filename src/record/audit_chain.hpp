#pragma once

#include "approvekit/audit.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace approvekit::record {

/// An audit entry as it is stored: texts, so that the chain covers exactly what stands in the file.
struct AuditRecord {
    std::string entry_id;
    std::string request_id;
    AuditEvent event = AuditEvent::refused;
    std::string tool_name;
    std::string tool_args = "{}";
    std::string timestamp;
    std::optional<std::string> notes;
    std::string metadata = "{}";
    std::string reviewer;
    std::string way;
    std::string follows;
    bool is_signed = false;
    std::string view;
    std::int64_t session = 0;
    std::optional<std::int64_t> lane = std::nullopt;  ///< which of several chains it is in; nothing: there is one
};

/// Makes texts UTF-8 that a foreign row, or the error of a tool, gave to `record`. An export can tell no others without
/// loss, and what it tells must be enough to compute the chain again.
void make_exportable(AuditRecord& record);

/// The record that `entry` shows. It is the one that was written when that was exportable.
[[nodiscard]] AuditRecord record_of(const AuditEntry& entry);

/// The reverse: the entry as readers and exports show it. An empty hash: another program wrote it.
[[nodiscard]] AuditEntry entry_of(std::int64_t sequence, const AuditRecord& record, std::string_view hash);

/// The last link of the chain.
struct ChainHead {
    std::int64_t sequence = 0;
    std::string hash;  // 32 bytes; empty before the first entry
};

/// The place behind it. Throws StorageError (storage_corrupt) where there is none.
[[nodiscard]] std::int64_t place_behind(const ChainHead& head);

/// Where the chain of a record begins that was archived up to there.
struct ChainStart {
    std::int64_t place = 0;  ///< 0: nothing was archived
    std::string hash;        ///< as the link's; that which the next entry follows from
    std::string first;       ///< of the record's first entry, hexadecimal
};

/// As reports and checkpoints show a hash.
[[nodiscard]] std::string hex_of(std::string_view hash);

/// The hash that `record` has in the place `sequence` behind `previous`.
[[nodiscard]] std::string link_hash(const ChainHead& previous, std::int64_t sequence, const AuditRecord& record);

/// Follows the chain from its start, entry by entry, and reports what it found.
///
/// A record may have several chains side by side, its lanes, so that writers need not wait for each other. Entries come
/// in the order of their places, of which some are left out then; each follows from the last one of its lane.
class AuditChain {
public:
    /// `mark` is the place of an entry whose hash the report is to give; 0 for none.
    explicit AuditChain(std::int64_t mark = 0) : mark_(mark) {}

    /// The next entry; `hash` is 32 bytes, `fault` says what is wrong with it already. False at a fault.
    bool follow(std::int64_t sequence, const AuditRecord& record, std::string_view hash, std::string fault = {});

    /// The next entry is one that another program wrote, which nothing vouches for. False at a fault.
    bool pass_foreign(std::int64_t sequence, std::string entry_id, std::string fault = {});

    /// Goes on behind `start`, where it is not there yet: what came before is in archives.
    void begin_behind(const ChainStart& start);
    /// An entry that an archive left, before the start of the chain; `before` is the hash that it follows from, and `hash`
    /// is empty where another program wrote it. False at a fault.
    bool follow_kept(std::int64_t sequence, std::string_view before, const AuditRecord& record, std::string_view hash,
                     std::string fault = {});

    /// Nothing behind this is worth looking at.
    void stop(std::int64_t sequence, std::string entry_id, std::string fault);
    void stop(AuditReport::Fault fault) { report_.fault = std::move(fault); }

    [[nodiscard]] std::int64_t sequence() const noexcept { return head_.sequence; }
    /// What the next entry follows from.
    [[nodiscard]] const std::string& hash() const noexcept { return head_.hash; }
    [[nodiscard]] const AuditReport& report() const noexcept { return report_; }

private:
    void note_mark(std::int64_t sequence, std::string_view hash);
    /// What is wrong with an entry in this place, or nothing: places are counted from 1, without lanes without a gap.
    [[nodiscard]] std::string fault_of_place(std::int64_t sequence, bool is_in_lane) const;
    /// The entry before the next one of the lane.
    [[nodiscard]] ChainHead before(std::optional<std::int64_t> lane) const;
    /// The hash of the last entry, or one of the ends of all lanes.
    [[nodiscard]] std::string end() const;

    std::int64_t mark_;
    ChainHead head_;                             // its hash is the last one of no lane
    std::map<std::int64_t, std::string> lanes_;  // the last hash of each
    AuditReport report_;
};

}  // namespace approvekit::record
