#pragma once

#include "approvekit/json.hpp"
#include "approvekit/request.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace approvekit::record {

/// Returns the digest of what the request shows, whatever digest the record has. A request of another program may have
/// no canonical form; then the digest covers its text unchanged. Empty if a request of ours has no canonical form.
[[nodiscard]] std::string shown_digest(const ApprovalRequest& request);

/// Whether `digest` is the digest of what the request shows. We never show a request without a canonical form.
[[nodiscard]] bool shows(const ApprovalRequest& request, std::string_view digest);

/// Returns the names of `arguments` in their author's order, as far as the metadata has it; the rest follows in
/// alphabetical order. Each name occurs once, whatever the metadata says. Empty if `arguments` is not an object.
[[nodiscard]] std::vector<std::string> argument_order(const Json& arguments, const Json& metadata);

/// Returns the names of a call's context, which have no order of their author: for whom and why come first.
[[nodiscard]] std::vector<std::string> context_order(const Json& context);

}  // namespace approvekit::record
