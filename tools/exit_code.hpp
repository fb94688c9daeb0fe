#pragma once

#include "approvekit/error.hpp"

#include <string>
#include <string_view>

namespace approvekit::tools {

/// What the executables tell scripts. The numbers never change; docs/terminal.md and docs/http-api.md list them.
enum class ExitCode {
    done = 0,
    problems = 1,         ///< a check was made and found something
    usage = 2,            ///< the command line, a note, a name or a key is not acceptable
    not_found = 3,        ///< no request, or more than one, has that id
    already_decided = 4,  ///< somebody was faster
    expired = 5,          ///< the deadline has passed, or the agent is gone or gave up
    storage = 6,          ///< the record, or the output, could not be read or written
    altered = 7,          ///< the request is not the one that was seen
    address = 8           ///< the address to serve on cannot be used
};

[[nodiscard]] ExitCode exit_code(ErrorCode code) noexcept;

/// Says on standard error what went wrong: to people after the program's name, to machines as one JSON object.
void complain(std::string_view program, const std::string& message, std::string_view code, bool json);

/// Whether the command line asks for JSON, also where it could not be read.
[[nodiscard]] bool wants_json(int count, char** words);

}  // namespace approvekit::tools
