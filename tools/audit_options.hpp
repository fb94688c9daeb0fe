#pragma once

#include "approvekit/recorded_call.hpp"
#include "approvekit/review_statistics.hpp"
#include "approvekit/terminal_reviewer.hpp"

#include <CLI/CLI.hpp>

#include <fstream>
#include <functional>
#include <string>
#include <vector>

namespace approvekit::tools {

/// The part of the record that `audit` and `stats` show.
struct RecordOptions {
    std::string rows;  ///< empty: depends on the output format
    std::string tool;
    std::string agent;
    std::string reviewer;
    std::string status;
    std::string risk;
    std::string text;
    std::string since;
    std::string until;

    void add_filters_to(CLI::App& audit);
    void add_period_to(CLI::App& command);

    // These throw Error (invalid_option) for an invalid time, and for filters on entries.

    [[nodiscard]] Period period() const;
    /// Without limit, cursor and request.
    [[nodiscard]] CallQuery query() const;
    /// Whether to show the audit call by call, the default for people, and not entry by entry, the original form for
    /// scripts.
    [[nodiscard]] bool wants_calls(bool json) const;
};

/// Opens the file for reading. Throws Error (invalid_option) when it cannot be opened.
[[nodiscard]] std::ifstream open_to_read(const std::string& path);

/// What a record is checked against.
struct CheckOptions {
    std::string export_file;  ///< empty: the database
    std::string checkpoint;   ///< a file, of which the last line is used, or the line itself
    std::vector<std::string> public_keys;
    std::string policy;
    bool allow_empty = false;
    std::vector<std::string> archives;  ///< the files of the archives, in their order

    void add_to(CLI::App& command);

    /// Throws Error (invalid_option) for an invalid checkpoint or key, and for a signed checkpoint when no trusted key
    /// is named; throws PolicyError for the policy.
    [[nodiscard]] AuditCheck read() const;

private:
    [[nodiscard]] std::vector<TrustedReviewer> trusted() const;
};

/// The options of `audit archive`, `audit hold`, `audit release` and `audit holds`.
struct ArchiveCommands {
    enum class Command { archive, hold, release, list };

    Command chosen = Command::list;
    std::string before;
    std::string out;
    std::string id;
    std::string reason;
    bool all = false;

    /// Adds the four commands to `audit`; `choose` is called with the one that the command line names.
    void add_to(CLI::App& audit, const std::function<void(Command)>& choose);
};

}  // namespace approvekit::tools
