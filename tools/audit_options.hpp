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

/// Which part of the record `audit` and `stats` are asked for.
struct RecordOptions {
    std::string rows;  ///< empty: as the form of the output has it
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

    // These throw Error (invalid_option) for a time that is none, and for filters on entries.

    [[nodiscard]] Period period() const;
    /// Without limit, cursor and request.
    [[nodiscard]] CallQuery query() const;
    /// Whether the audit is wanted by the call, as people see it, and not by the entry, as scripts got it from the start.
    [[nodiscard]] bool wants_calls(bool json) const;
};

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

/// What the command line says for `audit archive`, `audit hold`, `audit release` and `audit holds`.
struct ArchiveCommands {
    enum class Command { archive, hold, release, list };

    Command chosen = Command::list;
    std::string before;
    std::string out;
    std::string id;
    std::string reason;
    bool all = false;

    /// Adds the four to `audit`; `choose` is told which one the command line names.
    void add_to(CLI::App& audit, const std::function<void(Command)>& choose);
};

}  // namespace approvekit::tools
