#pragma once

#include "approvekit/audit.hpp"
#include "approvekit/checkpoint.hpp"
#include "approvekit/terminal_reviewer.hpp"
#include "terminal/screen.hpp"

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>

namespace approvekit::terminal {

/// The result of checking a record, alone or against a checkpoint, as it is told. A plain value.
struct Verification {
    AuditReport report;
    std::optional<Checkpoint> checkpoint;
    std::string objection;  ///< what is wrong according to the checkpoint; empty if nothing is
    bool allow_empty = false;
    std::size_t archives = 0;            ///< how many were checked too
    std::string archive_objection = {};  ///< what is wrong according to them; empty if nothing is
    std::string archive_note = {};       ///< if an archive itself was checked: who vouches for it

    [[nodiscard]] bool passed() const noexcept {
        return report.intact() && objection.empty() && archive_objection.empty() && (allow_empty || !report.empty());
    }
};

/// Judges `report` by `check`. Its mark must have been the checkpoint's place.
[[nodiscard]] Verification verification_of(AuditReport report, const AuditCheck& check);

struct ArchiveCheck {
    std::size_t count = 0;
    std::string objection;
};

/// Checks the files of archives against each other and against the record of `report`. `report` gets the hash of its
/// mark from them.
[[nodiscard]] ArchiveCheck check_archives(Storage& storage, const AuditCheck& check, AuditReport& report);

/// Checks the file of an archive by itself. Its first line was already read.
[[nodiscard]] Verification verification_of_archive(std::istream& in, const std::string& first, std::int64_t mark,
                                                   const AuditCheck& check);

void draw_verification(Lines& lines, const Verification& verification);

[[nodiscard]] Json to_json_view(const Verification& verification);

}  // namespace approvekit::terminal
