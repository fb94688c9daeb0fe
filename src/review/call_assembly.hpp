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

/// Puts entries, which come newest first, together to calls. Holds those of which the decision is yet to come. Not
/// thread-safe.
class CallAssembly {
public:
    /// The call that the entry decides, complete; nothing where it is kept for one.
    [[nodiscard]] std::optional<RecordedCall> add(AuditEntry entry);

    /// The places of the entries that are kept, the newest first.
    [[nodiscard]] std::vector<std::int64_t> kept() const;

    /// Takes the newest entry that is kept: no decision of it comes any more, and it stands for itself.
    [[nodiscard]] std::optional<RecordedCall> take_left();

private:
    [[nodiscard]] RecordedCall call_of(AuditEntry decision);
    void take(const std::string& call, std::vector<AuditEntry>& told);

    std::map<std::string, std::vector<AuditEntry>> kept_;  // by the decision's entry, or by request
};

}  // namespace approvekit::review
