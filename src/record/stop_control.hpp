#pragma once

#include "record/audit_writer.hpp"
#include "record/unit_of_work.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace approvekit::record {

/// Puts stops in force and lifts them, each with its audit entry, and tells which stop covers a call. Refers to the
/// unit of work, which must outlive it; its owner commits.
class StopControl {
public:
    explicit StopControl(UnitOfWork& work) noexcept : work_(work), audit_(work) {}

    Stop stop(const StopOrder& order, const Author& author);
    /// Throws DecisionError: not_found, or already_decided if somebody else lifted it.
    Stop resume(const std::string& id, const Author& author);

    /// Returns the first stop in force that covers such a call, or null. Valid until the end of the unit of work.
    [[nodiscard]] const Stop* in_the_way(std::string_view tool_name, std::string_view agent);

private:
    UnitOfWork& work_;
    AuditWriter audit_;
};

/// Returns the first of `stops` that covers such a call, or null.
[[nodiscard]] const Stop* stop_covering(const std::vector<Stop>& stops, std::string_view tool_name,
                                        std::string_view agent);

/// Throws Error (invalid_option) for an order that cannot be put on record.
void check_stop(const StopOrder& order);

/// Returns where a row contradicts the entries about it, or an empty text.
[[nodiscard]] std::string misfit_of_stop(const StoredStop& stored, Entries& entries);
/// The same for an entry about a stop, compared with the row. Also empty for any other entry.
[[nodiscard]] std::string misfit_of_stop_entry(const AuditRecord& entry, Stops& stops);

}  // namespace approvekit::record
