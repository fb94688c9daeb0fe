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

/// Describes an archive. The entries at the places `from` to `place` were moved from the record into a file, and the
/// chain of the record continues after them. The record keeps this line, and the file ends with it. A plain value.
struct ArchiveAnchor {
    std::string id;         ///< the request id of the `archived` entry about it
    std::string file;       ///< path the file was written to
    std::string database;   ///< the hash of the record's first entry, which identifies the record
    std::int64_t from = 1;  ///< the place of the first entry in the file
    std::string before;     ///< the end before `from`, written as `hash`; empty when there is none
    std::int64_t place = 0;
    /// The end of the audit at `place`: the hash of the entry there. With lanes it is the hash of the last entry in no
    /// lane with "@" and its place, and then the number and the last hash of each lane, all separated by blanks.
    std::string hash;
    std::int64_t entries = 0;  ///< number of entries in the file
    std::int64_t rows = 0;     ///< number of rows of other tables in the file
    std::string digest;        ///< BLAKE2b-256 of the file up to its last line
    /// BLAKE2b-256 of the places and hashes of all entries up to `place` that stay in the record.
    std::string kept;
    Time until{};  ///< the archived entries are older than this
    Time time{};   ///< when the archive was made

    std::string reviewer;    ///< who signed it; empty: nobody
    std::string public_key;  ///< base64
    std::string signature;   ///< base64

    /// Parses a line that line() wrote; blanks around it are ignored. Throws Error (invalid_option) for anything else.
    [[nodiscard]] static ArchiveAnchor parse(std::string_view line);

    /// One line of canonical JSON, without the line end.
    [[nodiscard]] std::string line() const;

    void sign_with(const Signer& signer);
    [[nodiscard]] bool is_signed() const noexcept { return !signature.empty(); }

    /// Returns why no reviewer in `trusted` vouches for this line, or nothing when one does. An entry of `trusted`
    /// without a name matches any name.
    [[nodiscard]] std::optional<std::string> doubt(const std::vector<TrustedReviewer>& trusted) const;

private:
    [[nodiscard]] Json statement() const;
};

/// The anchor as --json shows it.
[[nodiscard]] Json to_json_view(const ArchiveAnchor& anchor);

/// What to move out of a record, and where to. A plain value; the signer must outlive it.
struct ArchiveOrder {
    Time before{};                   ///< moves entries older than this
    std::filesystem::path file;      ///< is created with mode 0600; an existing file is never replaced
    std::string reviewer;            ///< the name the archive is made in
    std::string way = "library";     ///< as in Decision::way
    const Signer* signer = nullptr;  ///< signs the anchor; null: it is not signed
    /// Called with the number of entries read, or removed, so far.
    std::function<void(std::int64_t)> progress = {};
};

/// The result of archiving. A plain value.
struct ArchiveResult {
    std::optional<ArchiveAnchor> anchor;  ///< nothing when there was nothing to move
    std::int64_t removed = 0;             ///< number of entries removed from the record
    std::int64_t kept = 0;                ///< number of entries that are in the file and also still in the record
};

/// The result of checking an archive file by itself.
struct ArchiveReport {
    AuditReport audit;                    ///< about its entries
    std::optional<ArchiveAnchor> anchor;  ///< its last line; nothing when the file has no valid last line
};

/// Where the entries that are not in archives begin. A plain value.
struct AuditStart {
    std::int64_t place = 0;  ///< the entries come after this place
    std::string hash;        ///< what the next entries continue from, as ArchiveAnchor::hash
    std::string database;    ///< the hash of the record's first entry
};

/// The first line of an export that begins there, without the line end. Checking an export without the record starts
/// from it.
[[nodiscard]] std::string export_head(const AuditStart& start);

/// Whether a file with this first line is an archive.
[[nodiscard]] bool begins_archive(std::string_view line);

/// An entry of an archive file, as it is checked. A plain value.
struct ArchivedEntry {
    std::int64_t place = 0;
    std::string hash;  ///< its own; empty for an entry of another program
    std::string head;  ///< of the record up to this entry, as AuditReport::head
};

/// Checks an archive file, line by line: that no byte was changed since it was written, compared with its last line,
/// and that its entries form a chain. `look` is called with each entry. `first` is the file's first line, if it has
/// already been read from `in`.
[[nodiscard]] ArchiveReport verify_archive(std::istream& in, const std::function<void(const ArchivedEntry&)>& look = {},
                                           const std::optional<std::string>& first = {});

/// Keeps something in the record that no archive may remove: a request with all its entries, or the call of an entry. A
/// plain value.
struct AuditHold {
    std::string subject;  ///< id of a request, or of the entry that allowed a call
    std::string reason;
    std::string reviewer;  ///< who put it in force
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
