#pragma once

#include "approvekit/terminal_reviewer.hpp"

#include <CLI/CLI.hpp>

#include <fstream>
#include <string>
#include <vector>

namespace approvekit::tools {

/// The file, open for reading; throws Error (invalid_option) when it cannot be.
[[nodiscard]] std::ifstream open_to_read(const std::string& path);

/// Against what a record is to be checked.
struct CheckOptions {
    std::string export_file;  ///< empty: the database
    std::string checkpoint;   ///< a file, whose last line counts, or the line itself
    std::vector<std::string> public_keys;
    std::string policy;
    bool allow_empty = false;
    std::vector<std::string> archives;  ///< the files of the archives, in their order

    void add_to(CLI::App& command);

    /// Throws Error (invalid_option) for what is not a checkpoint or no key, and for a signed checkpoint that nobody is
    /// named for; PolicyError for the policy.
    [[nodiscard]] AuditCheck read() const;

private:
    [[nodiscard]] std::vector<TrustedReviewer> trusted() const;
};

}  // namespace approvekit::tools
