#include "exit_code.hpp"

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
            return ExitCode::usage;
        case ErrorCode::server:
            return ExitCode::address;
        default:
            return ExitCode::storage;
    }
}

}  // namespace approvekit::tools
