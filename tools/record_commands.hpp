#pragma once

#include "exit_code.hpp"

namespace approvekit::tools {

struct ReviewArguments;

// The commands that read the record. Each throws Error when the record cannot be read.

ExitCode show_audit(const ReviewArguments& arguments);
ExitCode show_statistics(const ReviewArguments& arguments);
/// For the record, or for an export of it.
ExitCode verify_audit(const ReviewArguments& arguments);
ExitCode print_checkpoint(const ReviewArguments& arguments);
ExitCode export_audit(const ReviewArguments& arguments);
/// Moves a part of the record into a file, holds something, ends a hold, or lists holds.
ExitCode run_archive_command(const ReviewArguments& arguments);

}  // namespace approvekit::tools
