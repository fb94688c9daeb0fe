#include "agent/submitted_arguments.hpp"

#include "approvekit/error.hpp"

namespace approvekit::detail {

bool SubmittedArguments::fits(std::string_view tool_name, const Json& arguments) const {
    try {
        const std::string canonical = canonical_json(arguments, limits_);
        if (const auto* const text = std::get_if<std::string>(&proof_)) return *text == canonical;
        return std::get<ActionCommitment>(proof_).fits(tool_name, canonical);
    } catch (const ArgumentsRefusedError&) {
        return false;
    }
}

}  // namespace approvekit::detail
