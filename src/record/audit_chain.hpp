#pragma once

#include "approvekit/audit.hpp"
#include "record/chain_ends.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace approvekit::record {

/// An audit entry as it is stored, in texts, so that the chain covers exactly what is in the file.
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
    std::optional<std::int64_t> lane = std::nullopt;  ///< which of several chains it is in; nothing: it is in none
};

/// Makes the texts of `record` valid UTF-8, since some may come from a foreign row or from a tool's error. An export
/// can contain no other texts without loss, and must contain enough to compute the chain again.
void make_exportable(AuditRecord& record);

/// Returns the record that `entry` shows. It is the one that was written, if that was exportable.
[[nodiscard]] AuditRecord record_of(const AuditEntry& entry);

/// The reverse: the entry as readers and exports show it. An empty hash means that another program wrote it.
[[nodiscard]] AuditEntry entry_of(std::int64_t sequence, const AuditRecord& record, std::string_view hash);

/// The last place of the audit, and the hash that the next entry follows.
struct ChainHead {
    std::int64_t sequence = 0;
    std::string hash;  // 32 bytes; empty before the first entry
};

/// Returns the place after it. Throws StorageError (storage_corrupt) if there is none.
[[nodiscard]] std::int64_t place_behind(const ChainHead& head);

/// Where the chain of a record starts after its archives.
struct ChainStart {
    std::int64_t place = 0;  ///< 0: nothing was archived
    ChainEnds ends;          ///< what the next entries follow
    std::string first;       ///< hash of the record's first entry, hexadecimal
};

/// Returns the hash of `record` in the place `sequence`, if it follows the hash `previous`.
[[nodiscard]] std::string link_hash(std::string_view previous, std::int64_t sequence, const AuditRecord& record);

/// Follows the chain from its start, entry by entry, and reports what it found.
///
/// A record may have several parallel chains, its lanes, so that writers need not wait for each other. Entries come in
/// the order of their places; before an entry in a lane, places may be left out. ChainEnds says what each entry
/// follows.
class AuditChain {
public:
    /// `mark` is the place of an entry up to which the report also contains the head; 0 for none.
    explicit AuditChain(std::int64_t mark = 0) : mark_(mark) {}

    /// Takes the next entry. `hash` has 32 bytes; `fault` says what is already known to be wrong with it. Returns false
    /// at a fault.
    bool follow(std::int64_t sequence, const AuditRecord& record, std::string_view hash, std::string fault = {});

    /// Takes a next entry that another program wrote, which the chain does not cover. Returns false at a fault.
    bool pass_foreign(std::int64_t sequence, std::string entry_id, std::string fault = {});

    /// Continues after `start`, unless it is there already: what came before is in archives.
    void begin_behind(const ChainStart& start);
    /// Takes an entry that an archive left, before the start of the chain. `before` is the hash that it follows; `hash`
    /// is empty if another program wrote it. Returns false at a fault.
    bool follow_kept(std::int64_t sequence, std::string_view before, const AuditRecord& record, std::string_view hash,
                     std::string fault = {});

    /// Notes a fault, after which nothing more is checked.
    void stop(std::int64_t sequence, std::string entry_id, std::string fault);
    void stop(AuditReport::Fault fault) { report_.fault = std::move(fault); }

    [[nodiscard]] std::int64_t sequence() const noexcept { return sequence_; }
    /// What the next entries follow.
    [[nodiscard]] const ChainEnds& ends() const noexcept { return ends_; }
    [[nodiscard]] bool is_intact() const noexcept { return report_.intact(); }
    /// As AuditReport::first and AuditReport::head.
    [[nodiscard]] const std::string& first() const noexcept { return report_.first; }
    [[nodiscard]] std::string head() const { return hex_of(ends_.combined()); }
    /// What was found so far. Computes the head, which takes long compared to following one entry of several lanes.
    [[nodiscard]] AuditReport report() const;

private:
    void note_mark(std::int64_t sequence);
    /// Returns what is wrong with an entry in this place, or an empty text: places are counted from 1, without a gap
    /// except before an entry in a lane.
    [[nodiscard]] std::string fault_of_place(std::int64_t sequence, bool is_in_lane) const;

    std::int64_t mark_;
    std::int64_t sequence_ = 0;
    ChainEnds ends_;
    AuditReport report_;  // without its head
};

}  // namespace approvekit::record
