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
    Version shown = Version::asked;   ///< the arguments with which it is approved, as a reviewer sees it
    Version told = Version::asked;    ///< the same, according to the entry that approves it
    Version taken = Version::asked;   ///< the arguments that the agent was last given to start it
    std::optional<int> missing;       ///< how many still have to approve, if votes are counted
    std::vector<AuditEntry> entries;  ///< of the request, oldest first
    std::optional<AuditReport::Fault> fault;
};

/// The entry that settled the request, or null.
[[nodiscard]] const AuditEntry* settlement_in(const Seen& seen);
/// Whether it has an entry that is not about a vote.
[[nodiscard]] bool is_ended(const Seen& seen);
[[nodiscard]] std::ptrdiff_t count_refusals(const Seen& seen);

/// Whether a reviewer approved it, and not another program.
[[nodiscard]] bool is_approved_by_people(const Seen& seen);

/// The argument that may be edited, and a reviewer's edits for that version; null if there are none.
inline constexpr const char* edited_path = "args.to";
[[nodiscard]] Json edits_for(Version version);
[[nodiscard]] Version version_of(const Json& edits);
/// How an entry about an edit is forged. `metadata` is what the entry says.
[[nodiscard]] std::string with_forged_edits(Step step, const std::string& metadata);

/// What a reviewer sees there of the request that was submitted like this.
[[nodiscard]] Seen look_through(Storage& storage, const ApprovalRequest& submitted);

}  // namespace approvekit::explorer
