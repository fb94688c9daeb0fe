#pragma once

#include "approvekit/recorded_call.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace approvekit::review {

/// What an entry is to the call that it tells of.
enum class CallPart { decision, run, more, none };

[[nodiscard]] CallPart part_of(const AuditEntry& entry) noexcept;

/// Assembles calls from entries that come newest first. Keeps the entries whose decision is yet to come. Not
/// thread-safe.
class CallAssembly {
public:
    /// Returns the call that the entry decides, complete. Returns nothing for other entries; those that belong to a
    /// call are kept until its decision comes.
    [[nodiscard]] std::optional<RecordedCall> add(AuditEntry entry);

    /// Returns the places of the kept entries, newest first.
    [[nodiscard]] std::vector<std::int64_t> kept() const;

    /// Takes the newest entry that is kept. No decision for it comes any more, so it stands for itself.
    [[nodiscard]] std::optional<RecordedCall> take_left();

private:
    [[nodiscard]] RecordedCall call_of(AuditEntry decision);
    void take(const std::string& call, std::vector<AuditEntry>& told);

    std::map<std::string, std::vector<AuditEntry>> kept_;  // by the id of the decision's entry, or by request
};

}  // namespace approvekit::review
