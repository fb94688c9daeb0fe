#pragma once

#include "approvekit/clock.hpp"
#include "approvekit/error.hpp"
#include "record/archive_check.hpp"
#include "record/archive_file.hpp"
#include "record/tables.hpp"

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace approvekit::record {

/// The error if another process archives at the same time.
[[nodiscard]] StorageError somebody_archives();

/// Which entries an archive takes, and which of them stay in the record nevertheless: those of calls that have not
/// ended, of calls by a grant that has not ended, of subjects with a later entry, of stops and archives, and what
/// somebody holds. All entries of a request stay or go together, and so do a call and its end.
///
/// Works in parts, each of which sees the record at one moment. Writes what it takes on the way: entries first, then
/// the rows of the requests that go.
class ArchivePlan {
public:
    explicit ArchivePlan(Time before) : until_(before), until_text_(to_text(before)) {}

    /// Does the next part. Returns false when everything is planned. For the first part, `tables` must show no entry
    /// before which others may still appear; later parts go no further. Throws StorageError: storage_corrupt if the
    /// record is not intact, storage_busy if somebody else archives at the same time.
    bool some(Tables& tables, ArchiveWriter& writer);

    /// Where the chain starts, and how far the archive goes; the same place if there is nothing to take.
    [[nodiscard]] const ChainStart& start() const noexcept { return start_; }
    [[nodiscard]] std::int64_t place() const noexcept { return place_; }
    /// As ArchiveAnchor::hash, if it takes anything.
    [[nodiscard]] std::string end() const { return chain_.ends().text(); }
    [[nodiscard]] const std::string& first() const noexcept { return chain_.first(); }
    [[nodiscard]] std::int64_t entries_seen() const noexcept { return seen_; }

    /// The entries that it takes and that stay.
    [[nodiscard]] const std::vector<KeptEntry>& kept() const noexcept { return kept_; }
    /// The digest of all entries that stay, including those that stayed before. To be called once.
    [[nodiscard]] std::string kept_digest() { return kept_digest_.finish(); }
    /// The entries that stayed before and go now.
    [[nodiscard]] const std::vector<std::int64_t>& leaving() const noexcept { return leaving_; }

    /// The place up to which it has looked at entries.
    [[nodiscard]] std::int64_t head() const noexcept { return head_; }
    /// Whether an entry after the place `seen` changes what stays. Moves `seen` to the last entry that it looked at.
    /// `tables` must show no entry before which others may still appear.
    [[nodiscard]] bool is_outdated(Tables& tables, std::int64_t& seen) const;

private:
    enum class Part { begin, entries, later_entries, grants, rows, nothing };

    void begin(Tables& tables);
    /// Each returns whether its part continues.
    bool read_entries(Tables& tables, ArchiveWriter& writer);
    bool read_later_entries(Tables& tables);
    bool read_grants(Tables& tables);
    bool choose(Tables& tables, ArchiveWriter& writer);

    /// Calls `look` for so few entries that others hardly wait. Returns false if there are no more, or `look` returned
    /// false.
    bool each_of_stretch(Tables& tables, const std::function<bool(const Entries::Placed&)>& look);
    bool take(Tables& tables, const Entries::Placed& entry, ArchiveWriter& writer);
    void note_call(Tables& tables, const AuditRecord& record);
    void note_open_calls();
    void choose_one(Tables& tables, const Entries::Placed& entry, ArchiveWriter& writer);
    /// Whether it is the first entry of its request, with which the request's rows go.
    [[nodiscard]] bool is_first_to_go(const Entries::Placed& entry);
    [[nodiscard]] bool stays(Tables& tables, const AuditRecord& record);
    [[nodiscard]] bool request_stays(Tables& tables, const std::string& id);
    [[nodiscard]] bool entries_stay(Tables& tables, const std::string& id);
    [[nodiscard]] bool is_not_over(Tables& tables, const std::string& start, const std::string& metadata) const;
    void write_rows(Tables& tables, const std::string& subject, ArchiveWriter& writer);
    [[nodiscard]] bool was_taken(Tables& tables, const std::string& subject) const;

    Time until_;
    std::string until_text_;
    Part part_ = Part::begin;
    std::int64_t from_ = std::numeric_limits<std::int64_t>::min();
    std::int64_t head_ = 0;  // the last entry when it began; later entries may change what stays
    std::int64_t seen_ = 0;
    ChainStart start_;
    AuditChain chain_;
    std::int64_t place_ = 0;
    ChainEnds before_;  // what the next entry follows while choosing
    std::int64_t first_of_subject_ = 0;
    bool has_grants_ = false;
    bool has_holds_ = false;
    std::unordered_map<std::string, std::string> open_calls_;  // entry id -> grant, of calls without an end
    std::unordered_set<std::string> kept_calls_;
    std::unordered_set<std::string> kept_grants_;
    std::unordered_set<std::string> foreign_subjects_;  // without an entry of ours; their rows are written
    std::unordered_set<std::string> staying_calls_;     // as they are chosen
    std::vector<KeptEntry> kept_;
    KeptDigest kept_digest_;
    std::vector<std::int64_t> leaving_;
};

}  // namespace approvekit::record
