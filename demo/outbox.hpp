#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace approvekit::demo {

/// The folder for the agent's e-mails, with one .eml file for each, which any mail program can open.
class Outbox {
public:
    /// Creates the folder when it is missing.
    explicit Outbox(std::filesystem::path folder);

    /// Writes the message and returns its file. Throws std::invalid_argument for a line break in a header,
    /// std::runtime_error when the file cannot be written.
    std::filesystem::path send(const std::string& to, const std::string& subject, const std::string& body);

    /// What was sent, oldest first.
    [[nodiscard]] std::vector<std::filesystem::path> messages() const;

private:
    std::filesystem::path folder_;
};

}  // namespace approvekit::demo
