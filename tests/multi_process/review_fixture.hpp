#pragma once

#include "approvekit/sqlite_storage.hpp"
#include "support/child_process.hpp"
#include "support/held_request.hpp"
#include "support/other_program.hpp"
#include "support/temporary_directory.hpp"

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

/// An agent's database, with this test as the agent, and approvekit-review beside it.
class ReviewFixture {
public:
    approvekit::ApprovalRequest submit(const std::string& tool = "send_email",
                                       std::chrono::seconds timeout = std::chrono::seconds(60)) {
        approvekit::ApprovalRequest request = held_request(approvekit::SystemClock(), timeout);
        request.tool_name = tool;
        request.view_digest = approvekit::view_digest(request);
        storage->submit(request);
        return request;
    }

    /// A command with that many lines. The last line does what the others hide.
    approvekit::ApprovalRequest submit_lines(int lines) {
        approvekit::ApprovalRequest request = held_request(approvekit::SystemClock());
        std::string command;
        for (int line = 0; line < lines; ++line)
            command += "ls\n";
        request.tool_args = {{"command", command + "rm -rf /"}};
        request.view_digest = approvekit::view_digest(request);
        storage->submit(request);
        return request;
    }

    [[nodiscard]] std::vector<std::string> command(const std::vector<std::string>& words) const {
        std::vector<std::string> command{APPROVEKIT_REVIEW, "--db", path.string()};
        command.insert(command.end(), words.begin(), words.end());
        return command;
    }

    [[nodiscard]] approvekit::testing::FinishedProcess review(const std::vector<std::string>& words,
                                                              const std::string& input = {}) const {
        return approvekit::testing::run(command(words), input, {.environment = utf8, .terminal = false});
    }

    [[nodiscard]] approvekit::ApprovalRequest find(const approvekit::ApprovalRequest& request) const {
        return *storage->find(request.id);
    }

    static inline const std::vector<std::string> utf8{"LC_ALL=C.UTF-8", "NO_COLOR", "COLUMNS", "TERM=xterm"};

    TemporaryDirectory directory;
    std::filesystem::path path = directory / "agent.db";
    std::unique_ptr<approvekit::SqliteStorage> storage =
        std::make_unique<approvekit::SqliteStorage>(path, shared_with_others());
};

inline approvekit::testing::ChildProcess::Options in_terminal(
    std::vector<std::string> environment = ReviewFixture::utf8, unsigned short rows = 24, unsigned short columns = 80) {
    return {.environment = std::move(environment), .terminal = true, .rows = rows, .columns = columns};
}
