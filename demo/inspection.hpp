#pragma once

#include "review_api.hpp"
#include "workspace.hpp"

#include <filesystem>
#include <ostream>
#include <string>

namespace approvekit::demo {

/// Compares what a demo run left behind with what its reviewer decided: approve, approve, reject, leave alone.
class Inspection {
public:
    /// Keeps references to all of them.
    Inspection(ReviewApi& api, Workspace& workspace, std::ostream& out) : api_(api), workspace_(workspace), out_(out) {}

    void inspect_files();
    void inspect_requests();
    void inspect_audit();
    /// Searches the bytes of the database, and of the files beside it, for redacted values.
    void inspect_secrets(const std::filesystem::path& database);

    [[nodiscard]] bool passed() const noexcept { return passed_; }

private:
    void check(const std::string& what, bool holds);

    ReviewApi& api_;
    Workspace& workspace_;
    std::ostream& out_;
    bool passed_ = true;
};

}  // namespace approvekit::demo
