#pragma once

#include <string>
#include <string_view>

namespace approvekit::web {

/// What a reviewer sends along with a decision. Both may be empty.
struct DecisionBody {
    std::string notes;
    std::string view;  ///< the digest of what the reviewer saw
};

/// Read the bodies of the POST routes. Throw Error (invalid_option, or invalid_arguments for what is not JSON) that
/// names the member at fault; an empty decision is fine, unknown members are not.
[[nodiscard]] DecisionBody parse_decision_body(std::string_view text);
[[nodiscard]] std::string parse_token_body(std::string_view text);

}  // namespace approvekit::web
