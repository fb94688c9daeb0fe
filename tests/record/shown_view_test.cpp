#include "record/shown_view.hpp"

#include "support/catch.hpp"

using namespace approvekit;

namespace {

/// A request that another program may have stored: its text is not UTF-8, so the value has no canonical form.
ApprovalRequest foreign_request() {
    ApprovalRequest request;
    request.id = "foreign";
    request.tool_name = "wire";
    request.tool_args = {{"amount", 1}, {"text", "\xff"}};
    return request;
}

}  // namespace

TEST_CASE("G11 H51 what another program wrote has a digest of what it shows, whatever its form") {
    const ApprovalRequest request = foreign_request();
    const std::string digest = record::shown_digest(request);
    CHECK(digest.size() == 64);
    CHECK(record::shows(request, digest));

    ApprovalRequest changed = request;
    changed.tool_args["amount"] = 1000000;
    CHECK_FALSE(record::shows(changed, digest));
}

TEST_CASE("G11 H51 a request of ours without canonical form shows nothing that could be approved") {
    ApprovalRequest request = foreign_request();
    request.ours = true;
    CHECK(record::shown_digest(request).empty());
    CHECK_FALSE(record::shows(request, ""));
}
