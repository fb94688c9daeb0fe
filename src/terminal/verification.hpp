#pragma once

#include "approvekit/audit.hpp"
#include "approvekit/checkpoint.hpp"
#include "approvekit/terminal_reviewer.hpp"
#include "terminal/screen.hpp"

#include <optional>
#include <string>

namespace approvekit::terminal {

/// What came of checking a record, alone or against a checkpoint, as it is told. A plain value.
struct Verification {
    AuditReport report;
    std::optional<Checkpoint> checkpoint;
    std::string objection;  ///< what the checkpoint shows to be wrong; empty: nothing
    bool allow_empty = false;

    [[nodiscard]] bool passed() const noexcept {
        return report.intact() && objection.empty() && (allow_empty || !report.empty());
    }
};

/// Weighs `report`, whose mark was the checkpoint's place.
[[nodiscard]] Verification verification_of(AuditReport report, const AuditCheck& check);

void draw_verification(Lines& lines, const Verification& verification);

[[nodiscard]] Json to_json_view(const Verification& verification);

}  // namespace approvekit::terminal
