#pragma once

#include <approvekit/policy.hpp>

#include <filesystem>

namespace approvekit::demo {

/// Writes an invented week before today into a new record, so that the history and the overview have something to show:
/// what the busy office asked for on each day, and how three reviewers decided. Nobody else may have the record open at
/// the same time.
void write_past_week(const std::filesystem::path& database, const Policy& policy);

}  // namespace approvekit::demo
