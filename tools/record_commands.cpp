#include "record_commands.hpp"

#include "approvekit/error.hpp"
#include "progress_line.hpp"
#include "review_arguments.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <system_error>

namespace approvekit::tools {
namespace {

/// A file that was created and never written to: it contains no record.
bool is_empty_file(const std::string& path) {
    std::error_code none;
    return !path.empty() && std::filesystem::file_size(path, none) == 0 && !none;
}

}  // namespace

ExitCode show_audit(const ReviewArguments& arguments) {
    if (arguments.record.wants_calls(arguments.json)) {
        CallQuery query = arguments.record.query();
        query.request_id = arguments.request;
        query.limit = arguments.limit;
        query.cursor = arguments.cursor;
        reader(arguments).calls(query);
        return ExitCode::done;
    }
    reader(arguments).audit(
        {.request_id = arguments.request, .limit = arguments.limit, .cursor = arguments.cursor, .oldest_first = false});
    return ExitCode::done;
}

ExitCode show_statistics(const ReviewArguments& arguments) {
    reader(arguments).statistics(arguments.record.period());
    return ExitCode::done;
}

ExitCode verify_audit(const ReviewArguments& arguments) {
    ProgressLine line(STDERR_FILENO, "entries checked");
    AuditCheck check = arguments.check.read();
    check.progress = [&](std::int64_t entries) { line.show(entries); };
    const auto verify_lines = [&](std::istream& in) {
        const bool fits = TerminalReviewer::verify_export(in, std::cout, screen_of(arguments), check);
        return fits ? ExitCode::done : ExitCode::problems;
    };
    if (!arguments.check.export_file.empty()) {
        std::ifstream file = open_to_read(arguments.check.export_file);
        return verify_lines(file);
    }
    if (is_empty_file(arguments.database)) {
        std::istringstream nothing;
        return verify_lines(nothing);
    }
    return reader(arguments).verify_audit(check) ? ExitCode::done : ExitCode::problems;
}

ExitCode print_checkpoint(const ReviewArguments& arguments) {
    ProgressLine line(STDERR_FILENO, "entries checked");
    decider(arguments, Access::read).checkpoint([&](std::int64_t entries) { line.show(entries); });
    if (arguments.key.key.empty() && !arguments.json) {
        std::cerr << review_program << ": unsigned, so keep it where nobody can change it; --key FILE signs it\n";
    }
    return ExitCode::done;
}

ExitCode run_archive_command(const ReviewArguments& arguments) {
    const ArchiveCommands& given = arguments.archives;
    switch (given.chosen) {
        case ArchiveCommands::Command::archive: {
            ProgressLine line(STDERR_FILENO, "entries read or removed");
            const auto before = time_from(given.before, "--before");
            if (!before) throw Error(ErrorCode::invalid_option, "--before: expected a time in UTC");
            decider(arguments).archive(*before, given.out, [&](std::int64_t entries) { line.show(entries); });
            break;
        }
        case ArchiveCommands::Command::hold:
            decider(arguments).hold(given.id, given.reason);
            break;
        case ArchiveCommands::Command::release:
            decider(arguments).release_hold(given.id);
            break;
        case ArchiveCommands::Command::list:
            reader(arguments).holds(given.all);
            break;
    }
    return ExitCode::done;
}

ExitCode export_audit(const ReviewArguments& arguments) {
    reader(arguments).export_audit(arguments.format == "csv" ? AuditFormat::csv : AuditFormat::jsonl);
    return ExitCode::done;
}

}  // namespace approvekit::tools
