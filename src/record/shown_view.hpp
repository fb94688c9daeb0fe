#pragma once

#include "approvekit/json.hpp"
#include "approvekit/request.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace approvekit::record {

/// Digest of what the request shows, whatever the record says that digest is. What another program wrote need not have
/// a canonical form: its text counts then as it stands. Empty where a request of ours has none.
[[nodiscard]] std::string shown_digest(const ApprovalRequest& request);

/// Whether `digest` is that of what the request shows. What has no canonical form was never shown by us.
[[nodiscard]] bool shows(const ApprovalRequest& request, std::string_view digest);

/// The names of `arguments` in the order of their author, as far as the metadata tells it; those that it does not
/// name follow in that of the alphabet. Each stands once, whatever the metadata says. Empty for what is no object.
[[nodiscard]] std::vector<std::string> argument_order(const Json& arguments, const Json& metadata);

/// The members of a call's context, which nobody else orders: for whom and why come first.
[[nodiscard]] std::vector<std::string> context_order(const Json& context);

}  // namespace approvekit::record
