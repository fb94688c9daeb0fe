#pragma once

#include "approvekit/audit.hpp"
#include "approvekit/clock.hpp"
#include "approvekit/json.hpp"
#include "approvekit/policy.hpp"
#include "approvekit/signer.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit {

/// What became of the first part of a record: the entries in the places `from` to `place` are in a file of its own, and
/// the chain of the record goes on behind them. The record keeps this line, and the file ends with it. A plain value.
struct ArchiveAnchor {
    std::string id;         ///< that of the entry `archived` which tells of it, as its request id
    std::string file;       ///< where it was written
    std::string database;   ///< the hash of the record's first entry, by which records are told apart
    std::int64_t from = 1;  ///< the place of the first entry in the file
    std::string before;     ///< the end of what comes before that, told as `hash` is; empty where nothing does
    std::int64_t place = 0;
    /// The end at `place`: the hash of the entry there; with lanes, that of the last one in none, and behind it each lane
    /// and its own, with a blank between them.
    std::string hash;
    std::int64_t entries = 0;  ///< those in the file
    std::int64_t rows = 0;     ///< of other tables, in the file
    std::string digest;        ///< BLAKE2b-256 of the file up to its last line
    std::string kept;          ///< that of the places and hashes of all entries up to `place` which stay in the record
    Time until{};              ///< the entries are from before then
    Time time{};               ///< when it was made

    std::string reviewer;    ///< who signed it; empty: nobody
    std::string public_key;  ///< base64
    std::string signature;   ///< base64

    /// Reads one line of line(), blanks around it aside. Throws Error (invalid_option) for anything else.
    [[nodiscard]] static ArchiveAnchor parse(std::string_view line);

    /// One line of canonical JSON, without its end.
    [[nodiscard]] std::string line() const;

    void sign_with(const Signer& signer);
    [[nodiscard]] bool is_signed() const noexcept { return !signature.empty(); }

    /// Why none of `trusted` vouches for this line; nothing when one does. A reviewer without a name stands for any.
    [[nodiscard]] std::optional<std::string> doubt(const std::vector<TrustedReviewer>& trusted) const;

private:
    [[nodiscard]] Json statement() const;
};

/// The anchor as --json shows it.
[[nodiscard]] Json to_json_view(const ArchiveAnchor& anchor);

/// What is to be moved out of a record, and whereto. A plain value; the signer outlives it.
struct ArchiveOrder {
    Time before{};                   ///< entries from before then
    std::filesystem::path file;      ///< is made, with mode 0600; what is there already is never replaced
    std::string reviewer;            ///< in whose name
    std::string way = "library";     ///< as that of a decision
    const Signer* signer = nullptr;  ///< signs the anchor; null: nobody does
    /// Told how many entries have been read, or removed, so far.
    std::function<void(std::int64_t)> progress = {};
};

/// What came of it. A plain value.
struct ArchiveResult {
    std::optional<ArchiveAnchor> anchor;  ///< nothing: there was nothing to move
    std::int64_t removed = 0;             ///< entries that the record does not have any more
    std::int64_t kept = 0;                ///< those among them in the file which the record has still
};

/// What checking the file of an archive by itself came to.
struct ArchiveReport {
    AuditReport audit;                    ///< of its entries
    std::optional<ArchiveAnchor> anchor;  ///< its last line; nothing where the file does not come to one
};

/// Where the entries of a record begin that are not in archives. A plain value.
struct AuditStart {
    std::int64_t place = 0;  ///< they are behind it
    std::string hash;        ///< what the next ones follow from, as ArchiveAnchor::hash
    std::string database;    ///< the hash of the record's first entry
};

/// The first line of an export that begins there, without its end: what is checked without the record goes on from it.
[[nodiscard]] std::string export_head(const AuditStart& start);

/// Whether a file with this first line is one of an archive.
[[nodiscard]] bool begins_archive(std::string_view line);

/// An entry of an archive, as its file is checked. A plain value.
struct ArchivedEntry {
    std::int64_t place = 0;
    std::string hash;  ///< its own; empty: another program wrote it
    std::string head;  ///< of the record up to it, as AuditReport::head
};

/// Checks the file of an archive, line by line: that no byte of it was changed since it was written, as its last line
/// tells, and that its entries are linked. `look` is shown each of them; `first` is the line that was read of it before,
/// if any.
[[nodiscard]] ArchiveReport verify_archive(std::istream& in, const std::function<void(const ArchivedEntry&)>& look = {},
                                           const std::optional<std::string>& first = {});

/// Something that no archive removes from the record: a request with all that was said of it, or the call of an entry. A
/// plain value.
struct AuditHold {
    std::string subject;  ///< the id of a request, or of the entry that allowed a call
    std::string reason;
    std::string reviewer;  ///< whose hold it is
    std::string way;
    Time since{};

    std::optional<Time> ended_at;  ///< nothing while it is in force
    std::string ended_by;
    std::string ended_way;

    [[nodiscard]] bool in_force() const noexcept { return !ended_at; }
};

/// The hold as --json shows it.
[[nodiscard]] Json to_json_view(const AuditHold& hold);

}  // namespace approvekit
