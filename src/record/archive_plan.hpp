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

/// Whoever archives has to be alone.
[[nodiscard]] StorageError somebody_archives();

/// Which entries an archive takes, and which of them stay in the record all the same: what is not over yet, what a grant
/// that is not over let start, what a later entry tells of, stops, archives, and what somebody holds. Always all that is
/// told of a request, or of a call and its end.
///
/// Works in stretches of one moment each. Writes what it takes on the way: entries first, then the rows of those that go.
class ArchivePlan {
public:
    explicit ArchivePlan(Time before) : until_(before), until_text_(to_text(before)) {}

    /// The next stretch; false when all is planned. At the first one `tables` show no entry before which others may still
    /// appear: later ones go no further than that. Throws StorageError: storage_corrupt for a record that is not as it was
    /// written, storage_busy where somebody else archives what this is about.
    bool some(Tables& tables, ArchiveWriter& writer);

    /// What the chain began with, and how far the archive goes; the same place where there is nothing to take.
    [[nodiscard]] const ChainStart& start() const noexcept { return start_; }
    [[nodiscard]] std::int64_t place() const noexcept { return place_; }
    /// Where it takes something, as ArchiveAnchor::hash.
    [[nodiscard]] std::string end() const { return chain_.ends().text(); }
    [[nodiscard]] const std::string& first() const noexcept { return chain_.report().first; }
    [[nodiscard]] std::int64_t entries_seen() const noexcept { return seen_; }

    /// Of the entries that it takes those that stay.
    [[nodiscard]] const std::vector<KeptEntry>& kept() const noexcept { return kept_; }
    /// Of all that stay, those that stayed before too; once.
    [[nodiscard]] std::string kept_digest() { return kept_digest_.finish(); }
    /// Of those that stayed before those that go now.
    [[nodiscard]] const std::vector<std::int64_t>& leaving() const noexcept { return leaving_; }

    /// How far it knows of entries: behind that nothing was looked at.
    [[nodiscard]] std::int64_t head() const noexcept { return head_; }
    /// Whether an entry behind the place `seen` changes what stays. Moves that on. `tables` show none before which others
    /// may still appear.
    [[nodiscard]] bool is_outdated(Tables& tables, std::int64_t& seen) const;

private:
    enum class Part { begin, entries, later_entries, grants, rows, nothing };

    void begin(Tables& tables);
    /// Each returns whether its part goes on.
    bool read_entries(Tables& tables, ArchiveWriter& writer);
    bool read_later_entries(Tables& tables);
    bool read_grants(Tables& tables);
    bool choose(Tables& tables, ArchiveWriter& writer);

    /// Shows a stretch of entries that others hardly wait for; false when there is nothing more, or `look` said to stop.
    bool each_of_stretch(Tables& tables, const std::function<bool(const Entries::Placed&)>& look);
    bool take(Tables& tables, const Entries::Placed& entry, ArchiveWriter& writer);
    void note_call(Tables& tables, const AuditRecord& record);
    void note_open_calls();
    void choose_one(Tables& tables, const Entries::Placed& entry, ArchiveWriter& writer);
    /// Of the entries of its request, with the first of which its rows go.
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
    std::int64_t head_ = 0;  // the last entry when it began; what was recorded later may change what stays
    std::int64_t seen_ = 0;
    ChainStart start_;
    AuditChain chain_;
    std::int64_t place_ = 0;
    ChainEnds before_;  // what the entry follows from that is looked at
    std::int64_t first_of_subject_ = 0;
    bool has_grants_ = false;
    bool has_holds_ = false;
    std::unordered_map<std::string, std::string> open_calls_;  // entry id -> grant, of those without an end
    std::unordered_set<std::string> kept_calls_;
    std::unordered_set<std::string> kept_grants_;
    std::unordered_set<std::string> foreign_subjects_;  // those with no entry of ours, whose rows are written
    std::unordered_set<std::string> staying_calls_;     // as they are chosen
    std::vector<KeptEntry> kept_;
    KeptDigest kept_digest_;
    std::vector<std::int64_t> leaving_;
};

}  // namespace approvekit::record
