#include "approvekit/digest.hpp"
#include "approvekit/error.hpp"
#include "approvekit/request.hpp"
#include "support/catch.hpp"

#include <cmath>
#include <functional>
#include <string>
#include <vector>

using namespace approvekit;

namespace {

ApprovalRequest viewed_request() {
    ApprovalRequest request;
    request.id = "id-1";
    request.tool_name = "send_email";
    request.tool_args = {{"to", "ann"}, {"amount", 5}};
    request.created_at = *parse_time("2026-01-31T09:05:07.000042");
    request.metadata = {{"risk_level", "high"}};
    request.deadline = *parse_time("2026-01-31T09:06:07.000042");
    request.nonce = "nonce";
    request.action_digest = "action";
    request.policy_digest = "policy";
    request.redactions = {{.path = "body", .type = "string", .length = "9-32", .fingerprint = "01234567"}};
    return request;
}

}  // namespace

TEST_CASE("G2 the view digest changes with everything that a reviewer is shown or that binds it") {
    const std::string digest = view_digest(viewed_request());
    CHECK(digest.size() == 64);

    const std::vector<std::function<void(ApprovalRequest&)>> changes = {
        [](auto& request) { request.id = "id-2"; },
        [](auto& request) { request.tool_name = "delete"; },
        [](auto& request) { request.agent = "another"; },
        [](auto& request) { request.tool_args["to"] = "bob"; },
        [](auto& request) { request.tool_args["amount"] = 50; },
        [](auto& request) { request.tool_args["cc"] = nullptr; },
        [](auto& request) { request.created_at += std::chrono::microseconds(1); },
        [](auto& request) { request.metadata["risk_level"] = "low"; },
        [](auto& request) { request.redactions[0].path = "subject"; },
        [](auto& request) { request.redactions.clear(); },
        [](auto& request) { *request.deadline += std::chrono::hours(1); },
        [](auto& request) { request.deadline.reset(); },
        [](auto& request) { request.nonce = "other"; },
        [](auto& request) { request.action_digest = "other"; },
        [](auto& request) { request.policy_digest = "other"; },
    };
    for (std::size_t index = 0; index < changes.size(); ++index) {
        ApprovalRequest changed = viewed_request();
        changes[index](changed);
        CAPTURE(index);
        CHECK(view_digest(changed) != digest);
    }
}

TEST_CASE("the view digest does not change with the decision or the run") {
    ApprovalRequest request = viewed_request();
    const std::string digest = view_digest(request);
    request.status = ApprovalStatus::approved;
    request.reviewer = "ann";
    request.reviewer_notes = "fine";
    request.run = RunState::running;
    CHECK(view_digest(request) == digest);
}

TEST_CASE("the view digest outlives a rewrite of the same values in other words") {
    ApprovalRequest request = viewed_request();
    const std::string digest = view_digest(request);
    request.tool_args = parse_json("{ \"to\" : \"a\\u006en\",\n\"amount\": 5 }");
    CHECK(view_digest(request) == digest);
}

TEST_CASE("a view without canonical form has no digest") {
    ApprovalRequest request = viewed_request();
    request.tool_args["amount"] = std::nan("");
    CHECK_THROWS_AS(view_digest(request), ArgumentsRefusedError);
}
