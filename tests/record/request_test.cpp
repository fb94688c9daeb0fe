#include "approvekit/request.hpp"

#include "support/catch.hpp"

#include <optional>
#include <set>
#include <string>

using namespace approvekit;

namespace {

std::set<std::string> keys(const Json& object) {
    std::set<std::string> keys;
    for (const auto& item : object.items()) {
        keys.insert(item.key());
    }
    return keys;
}

ApprovalRequest decided_request() {
    ApprovalRequest request;
    request.id = "id-1";
    request.tool_name = "send_email";
    request.tool_args = {{"to", "ann"}, {"body", redacted_text}};
    request.status = ApprovalStatus::approved;
    request.created_at = *parse_time("2026-01-31T09:05:07.000042");
    request.reviewed_at = *parse_time("2026-01-31T09:05:09.000000");
    request.reviewer_notes = "fine";
    request.metadata = {{"risk_level", "high"}};
    request.deadline = *parse_time("2026-01-31T09:06:07.000042");
    request.redactions = {{.path = "body", .type = "string", .length = "9-32", .fingerprint = "01234567"}};
    request.reviewer = "ann";
    request.way = "web";
    request.run = RunState::executed;
    request.ours = true;
    return request;
}

}  // namespace

TEST_CASE("each status has its text, both ways") {
    for (const char* text : {"pending", "approved", "rejected", "timeout", "cancelled", "answered"}) {
        CAPTURE(text);
        const auto status = parse_approval_status(text);
        REQUIRE(status);
        CHECK(to_string(*status) == text);
    }
    CHECK_FALSE(parse_approval_status("Approved"));
    CHECK_FALSE(parse_approval_status(""));
}

TEST_CASE("each run state has its text, both ways") {
    for (const char* text : {"none", "running", "executed", "failed", "unknown"}) {
        CAPTURE(text);
        const auto state = parse_run_state(text);
        REQUIRE(state);
        CHECK(to_string(*state) == text);
    }
    CHECK_FALSE(parse_run_state("done"));
}

TEST_CASE("the risk level is the metadata's, and empty where it has none") {
    ApprovalRequest request;
    CHECK(request.risk_level().empty());
    request.metadata = {{"risk_level", "high"}};
    CHECK(request.risk_level() == "high");
    request.metadata = {{"risk_level", 3}};
    CHECK(request.risk_level().empty());
    request.metadata = Json::array({1, 2});
    CHECK(request.risk_level().empty());
}

TEST_CASE("the view of a decided request tells all of it") {
    const Json view = to_json_view(decided_request());
    CHECK(view["id"] == "id-1");
    CHECK(view["tool_name"] == "send_email");
    CHECK(view["tool_args"] == Json({{"to", "ann"}, {"body", "[REDACTED]"}}));
    CHECK(view["status"] == "approved");
    CHECK(view["created_at"] == "2026-01-31T09:05:07.000042");
    CHECK(view["reviewed_at"] == "2026-01-31T09:05:09.000000");
    CHECK(view["reviewer_notes"] == "fine");
    CHECK(view["metadata"] == Json({{"risk_level", "high"}}));
    CHECK(view["deadline"] == "2026-01-31T09:06:07.000042");
    CHECK(view["redactions"][0]["path"] == "body");
    CHECK(view["reviewer"] == "ann");
    CHECK(view["run"] == "executed");
    CHECK(view["ours"] == true);
}

TEST_CASE("a view says null where there is nothing and always has the same keys") {
    const Json view = to_json_view(ApprovalRequest());
    for (const char* key : {"reviewed_at", "reviewer_notes", "deadline", "agent", "nonce", "action_digest",
                            "view_digest", "policy_digest", "reviewer", "way", "run_note"}) {
        CAPTURE(key);
        CHECK(view.at(key).is_null());
    }
    CHECK(view["run"] == "none");
    CHECK(view["redactions"] == Json::array());
    CHECK(keys(view) == keys(to_json_view(decided_request())));
}
