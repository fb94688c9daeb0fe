#pragma once

#include "outbox.hpp"
#include "records.hpp"
#include "settings.hpp"

#include <filesystem>

namespace approvekit::demo {

/// All that the agent's tools touch, in one folder: records.sqlite, outbox/ and settings.json.
struct Workspace {
    /// Creates what is missing.
    explicit Workspace(const std::filesystem::path& folder);

    /// Removes what an earlier run left in the folder, and nothing else that lies there.
    static void clear(const std::filesystem::path& folder);

    Outbox outbox;
    Records records;
    Settings settings;
};

}  // namespace approvekit::demo
