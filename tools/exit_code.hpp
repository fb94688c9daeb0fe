#pragma once

#include "approvekit/error.hpp"

#include <string>
#include <string_view>

namespace approvekit::tools {

/// The exit codes of the executables, for scripts. The numbers never change; docs/terminal.md and docs/http-api.md list
/// them.
enum class ExitCode {
    done = 0,
    problems = 1,         ///< a check found something
    usage = 2,            ///< the command line, a note, a name, a key or a policy is not acceptable
    not_found = 3,        ///< no request, or more than one, has that id
    already_decided = 4,  ///< somebody else decided first
    expired = 5,          ///< the deadline has passed, or the agent is gone or gave up
    storage = 6,          ///< the record, or the output, could not be read or written
    altered = 7,          ///< the request is not the one that was seen
    address = 8           ///< the address to serve on cannot be used
};

[[nodiscard]] ExitCode exit_code(ErrorCode code) noexcept;

/// Prints an error on standard error: for people after the program's name, for machines as one JSON object.
void complain(std::string_view command, const std::string& message, std::string_view code, bool json);

/// Whether the command line asks for JSON, even if the command line could not be parsed.
[[nodiscard]] bool wants_json(int count, char** words);

}  // namespace approvekit::tools
