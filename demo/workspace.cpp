#include "workspace.hpp"

namespace approvekit::demo {

Workspace::Workspace(const std::filesystem::path& folder)
    : outbox(folder / "outbox"), records(folder / "records.sqlite"), settings(folder / "settings.json") {}

void Workspace::clear(const std::filesystem::path& folder) {
    if (std::filesystem::exists(folder / "outbox")) {
        for (const auto& message : Outbox(folder / "outbox").messages())
            std::filesystem::remove(message);
    }
    for (const char* name : {"records.sqlite", "records.sqlite-journal", "settings.json"})
        std::filesystem::remove(folder / name);
}

}  // namespace approvekit::demo
