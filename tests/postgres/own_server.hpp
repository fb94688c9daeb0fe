#pragma once

#include "support/temporary_directory.hpp"

#include <filesystem>
#include <string>

namespace approvekit::testing {

/// A PostgreSQL server for this test only, which may be killed. Ends with this object.
class OwnServer {
public:
    OwnServer();
    ~OwnServer();
    OwnServer(const OwnServer&) = delete;
    OwnServer& operator=(const OwnServer&) = delete;

    /// How to connect to it as the user that may do everything.
    [[nodiscard]] std::string connection() const;

    /// Kills all its processes at the same moment and starts it again.
    void crash() const { run("crash"); }
    /// Makes a second server follow it synchronously. From then on connection() leads to the one that may be written.
    void add_standby() const { run("standby"); }
    /// Kills all processes of the first server, and lets the second one take its place.
    void promote_standby() const { run("promote"); }

private:
    /// Throws std::runtime_error with the script's message.
    void run(const char* action) const;

    TemporaryDirectory directory_;
    std::filesystem::path file_;
};

}  // namespace approvekit::testing
