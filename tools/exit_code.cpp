#include "exit_code.hpp"

#include "approvekit/terminal_text.hpp"

#include <algorithm>
#include <iostream>

namespace approvekit::tools {

ExitCode exit_code(ErrorCode code) noexcept {
    switch (code) {
        case ErrorCode::not_found:
        case ErrorCode::ambiguous:
            return ExitCode::not_found;
        case ErrorCode::already_decided:
        case ErrorCode::already_voted:
            return ExitCode::already_decided;
        case ErrorCode::cancelled:
        case ErrorCode::expired:
            return ExitCode::expired;
        case ErrorCode::altered:
            return ExitCode::altered;
        case ErrorCode::invalid_option:
        case ErrorCode::invalid_arguments:
        case ErrorCode::invalid_key:
        case ErrorCode::untrusted_decision:
        case ErrorCode::not_entitled:
        case ErrorCode::invalid_edit:
        case ErrorCode::invalid_grant:
        case ErrorCode::invalid_answer:
        case ErrorCode::invalid_policy:
            return ExitCode::usage;
        case ErrorCode::server:
            return ExitCode::address;
        default:
            return ExitCode::storage;
    }
}

void complain(std::string_view command, const std::string& message, std::string_view code, bool json) {
    if (json) {
        std::cerr << terminal_json({{"error", message}, {"code", code}}) << '\n';
    } else {
        std::cerr << command << ": " << terminal_text(message) << '\n';
    }
}

bool wants_json(int count, char** words) {
    return std::find(words, words + count, std::string_view("--json")) != words + count;
}

}  // namespace approvekit::tools
