#pragma once

#include "approvekit/storage.hpp"
#include "record/explorer/step.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace approvekit::explorer {

/// What the record shows of its one request.
struct Seen {
    bool has_row = false;
    std::string status;
    RunState run = RunState::none;
    bool shows_submitted = false;     ///< whether the row says what the agent submitted
    Version shown = Version::asked;   ///< with which arguments it is approved, as a reviewer is shown it
    Version told = Version::asked;    ///< the same by the entry that approves it
    Version taken = Version::asked;   ///< with which the agent was told to start it when it last could
    std::optional<int> missing;       ///< how many have to approve still, where votes are counted
    std::vector<AuditEntry> entries;  ///< of the request, oldest first
    std::optional<AuditReport::Fault> fault;
};

/// The entry that settled the request; null: none did.
[[nodiscard]] const AuditEntry* settlement_in(const Seen& seen);
/// Whether it has an entry other than of votes.
[[nodiscard]] bool is_ended(const Seen& seen);
[[nodiscard]] std::ptrdiff_t count_refusals(const Seen& seen);

/// Whether a reviewer approved it, and no other program.
[[nodiscard]] bool is_approved_by_people(const Seen& seen);

/// The argument that may be edited, and what a reviewer edits for that version; null: nothing.
inline constexpr const char* edited_path = "args.to";
[[nodiscard]] Json edits_for(Version version);
[[nodiscard]] Version version_of(const Json& edits);
/// How an entry of an edit is forged. `metadata` is what it says.
[[nodiscard]] std::string with_forged_edits(Step step, const std::string& metadata);

/// What a reviewer sees there of what was submitted so.
[[nodiscard]] Seen look_through(Storage& storage, const ApprovalRequest& submitted);

}  // namespace approvekit::explorer
