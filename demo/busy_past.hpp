#pragma once

#include <approvekit/policy.hpp>

#include <filesystem>

namespace approvekit::demo {

/// Writes a made-up week before today into a new record, for the history and the overview to show something: what the busy
/// office asked for on each day, and what three reviewers made of it. Nobody else may have the record open meanwhile.
void write_past_week(const std::filesystem::path& database, const Policy& policy);

}  // namespace approvekit::demo
