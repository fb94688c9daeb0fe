#pragma once

#include "record/audit_writer.hpp"
#include "record/unit_of_work.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace approvekit::record {

/// Puts stops in force and lifts them, each with its audit entry, and says what they hold up. Refers to the unit of work,
/// which must outlive it; its owner commits.
class StopControl {
public:
    explicit StopControl(UnitOfWork& work) noexcept : work_(work), audit_(work) {}

    Stop stop(const StopOrder& order, const Author& author);
    /// DecisionError: not_found, or already_decided where somebody else lifted it.
    Stop resume(const std::string& id, const Author& author);

    /// The first stop in force that covers such a call; null for none. Until the end of the unit of work.
    [[nodiscard]] const Stop* in_the_way(std::string_view tool_name, std::string_view agent);

private:
    UnitOfWork& work_;
    AuditWriter audit_;
};

/// The first of `stops` that covers such a call; null for none.
[[nodiscard]] const Stop* stop_covering(const std::vector<Stop>& stops, std::string_view tool_name,
                                        std::string_view agent);

/// Throws Error (invalid_option) for an order that cannot be put on record.
void check_stop(const StopOrder& order);

/// What is wrong with a row, held against the entries that tell of it; empty: nothing.
[[nodiscard]] std::string misfit_of_stop(const StoredStop& stored, Entries& entries);
/// The same of an entry that tells of a stop, held against the row; empty for any other entry too.
[[nodiscard]] std::string misfit_of_stop_entry(const AuditRecord& entry, Stops& stops);

}  // namespace approvekit::record
