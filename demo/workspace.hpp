#pragma once

#include "outbox.hpp"
#include "records.hpp"
#include "settings.hpp"

#include <filesystem>

namespace approvekit::demo {

/// Everything that the agent's tools use, in one folder: records.sqlite, outbox/ and settings.json.
struct Workspace {
    /// Creates what is missing.
    explicit Workspace(const std::filesystem::path& folder);

    /// Removes only what an earlier run left in the folder.
    static void clear(const std::filesystem::path& folder);

    Outbox outbox;
    Records records;
    Settings settings;
};

}  // namespace approvekit::demo
