#include "approvekit/recorded_call.hpp"

#include "approvekit/reviewer.hpp"
#include "review/call_export.hpp"
#include "support/catch.hpp"
#include "support/error_code_of.hpp"
#include "support/failing_storage.hpp"
#include "support/manual_clock.hpp"

#include <memory>
#include <string>
#include <vector>

using approvekit::AuditEvent;
using approvekit::CallPage;
using approvekit::CallQuery;
using approvekit::count_calls;
using approvekit::find_call;
using approvekit::find_calls;
using approvekit::Json;
using approvekit::Reviewer;
using approvekit::RunState;
using approvekit::testing::FailingStorage;
using approvekit::testing::ManualClock;
using namespace std::chrono_literals;

namespace {

/// A record with a call of each kind, the oldest first: approved and run, rejected, allowed and failed, denied.
class CallsFixture {
public:
    CallsFixture() {
        const auto mail = storage->add("send_email", {{"to", "Ann@example.com"}});
        ann.approve(mail.id, {.notes = "as agreed"});
        const std::string entry =
            storage->claim({.request_id = mail.id, .view_digest = mail.view_digest, .verify = {}});
        clock->advance(1h);
        bob.reject(storage->add("drop_table", {{"table", "customers"}}).id, {.notes = "never"});
        storage->finish({entry, mail.id, "send_email", RunState::executed, ""});
        const std::string read = storage->record_intent({"read_file", R"({"path":"/etc/hosts"})", "{}", ""});
        storage->finish(
            {read, std::string(approvekit::auto_request_id), "read_file", RunState::failed, "no such file"});
        storage->record_denial({"delete_all", "{}", "{}", "no"});
        storage->flush();
    }

    [[nodiscard]] std::vector<std::string> tools(const CallQuery& query) const {
        std::vector<std::string> names;
        for (const auto& call : find_calls(*storage, query).calls)
            names.push_back(call.decision.tool_name);
        return names;
    }

    std::shared_ptr<ManualClock> clock = std::make_shared<ManualClock>();
    std::shared_ptr<FailingStorage> storage = std::make_shared<FailingStorage>(clock);
    Reviewer ann{storage, "ann", "terminal"};
    Reviewer bob{storage, "bob", "terminal"};
};

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("Each call on record is one, with how it ended, the last decided first") {
    const CallsFixture fixture;
    const CallPage page = find_calls(*fixture.storage, {});
    REQUIRE(page.calls.size() == 4);
    CHECK(page.next.empty());
    CHECK(page.calls[0].status() == AuditEvent::denied);
    CHECK(page.calls[1].status() == AuditEvent::failed);
    CHECK(page.calls[1].decision.decision == AuditEvent::approved);
    CHECK(page.calls[1].end->reviewer_notes == "no such file");
    CHECK(page.calls[2].status() == AuditEvent::rejected);
    CHECK_FALSE(page.calls[2].end.has_value());
    CHECK(page.calls[3].status() == AuditEvent::executed);
    CHECK(page.calls[3].decision.reviewer == "ann");
    CHECK(to_json_view(page.calls[3])["status"] == "executed");
    CHECK(to_json_view(page.calls[2])["end"].is_null());
}

TEST_CASE("Calls are found by tool, reviewer, status, time and text") {
    const CallsFixture fixture;
    CHECK(fixture.tools({.tool = "read_file"}) == Names{"read_file"});
    CHECK(fixture.tools({.reviewer = "ann"}) == Names{"send_email"});
    CHECK(fixture.tools({.reviewer = "policy"}) == Names{"delete_all", "read_file"});
    CHECK(fixture.tools({.status = AuditEvent::approved}) == Names{"read_file", "send_email"});
    CHECK(fixture.tools({.status = AuditEvent::executed}) == Names{"send_email"});
    const auto later = fixture.clock->now();
    CHECK(fixture.tools({.since = later}) == Names{"delete_all", "read_file", "drop_table"});
    CHECK(fixture.tools({.until = later}) == Names{"send_email"});
    CHECK(fixture.tools({.text = "ann@EXAMPLE"}) == Names{"send_email"});
    CHECK(fixture.tools({.text = "such file"}) == Names{"read_file"});
    CHECK(fixture.tools({.text = "never"}) == Names{"drop_table"});
    CHECK(fixture.tools({.tool = "read_file", .reviewer = "ann"}).empty());
}

TEST_CASE("Calls are found by who asked and by risk, where a request tells that") {
    const CallsFixture fixture;
    CHECK(fixture.tools({.agent = "agent"}) == Names{"drop_table", "send_email"});
    CHECK(fixture.tools({.agent = "another"}).empty());
    CHECK(fixture.tools({.risk = "high"}) == Names{"drop_table", "send_email"});
    CHECK(fixture.tools({.risk = "low"}).empty());
    const CallPage page = find_calls(*fixture.storage, {});
    CHECK(page.calls[3].agent == "agent");
    CHECK(page.calls[0].agent.empty());
    CHECK(to_json_view(page.calls[3])["agent"] == "agent");
    CHECK(to_json_view(page.calls[0])["agent"].is_null());
}

TEST_CASE("A call is found by the place of its decision, and by nothing else") {
    const CallsFixture fixture;
    for (const auto& call : find_calls(*fixture.storage, {}).calls) {
        const auto found = find_call(*fixture.storage, call.decision.sequence);
        REQUIRE(found);
        CHECK(to_json_view(*found) == to_json_view(call));
        if (call.end) CHECK_FALSE(find_call(*fixture.storage, call.end->sequence));
    }
    CHECK_FALSE(find_call(*fixture.storage, 0));
    CHECK_FALSE(find_call(*fixture.storage, 1000));
    CHECK_FALSE(find_call(*fixture.storage, INT64_MAX));
}

TEST_CASE("Calls are counted from where one is on") {
    const CallsFixture fixture;
    CHECK(count_calls(*fixture.storage, {}).calls == 4);
    CHECK(count_calls(*fixture.storage, {.reviewer = "policy"}).calls == 2);
    CHECK(count_calls(*fixture.storage, {.limit = 1}).calls == 4);
    const std::string next = find_calls(*fixture.storage, {.limit = 1}).next;
    CHECK(count_calls(*fixture.storage, {.cursor = next}).calls == 3);
    CHECK(count_calls(*fixture.storage, {}).next.empty());
}

TEST_CASE("Calls come page by page, also while others are added") {
    CallsFixture fixture;
    CallQuery query{.limit = 2};
    const CallPage first = find_calls(*fixture.storage, query);
    CHECK(first.calls.size() == 2);
    fixture.ann.approve(fixture.storage->add("late").id);
    query.cursor = first.next;
    CHECK(fixture.tools(query) == Names{"drop_table", "send_email"});
    CHECK(find_calls(*fixture.storage, query).calls[1].status() == AuditEvent::executed);
    for (const std::string cursor :
         {"elsewhere", "1", "1.2", "1.2.x.", "1.2.3.4x", "1..x", "1.2.x.9223372036854775807"}) {
        CAPTURE(cursor);
        query.cursor = cursor;
        CHECK(error_code_of([&] { (void)find_calls(*fixture.storage, query); }) ==
              approvekit::ErrorCode::invalid_option);
    }
}

TEST_CASE("A call that ran has run, though its approval was used once more: that is told beside") {
    CallsFixture fixture;
    const auto mail = fixture.storage->add("send_email");
    fixture.ann.approve(mail.id);
    const approvekit::Claim claim{.request_id = mail.id, .view_digest = mail.view_digest, .verify = {}};
    const std::string entry = fixture.storage->claim(claim);
    fixture.storage->finish({entry, mail.id, "send_email", RunState::executed, ""});
    fixture.storage->flush();
    CHECK_THROWS(fixture.storage->claim(claim));
    const CallPage page = find_calls(*fixture.storage, {.request_id = mail.id});
    REQUIRE(page.calls.size() == 1);
    CHECK(page.calls[0].status() == AuditEvent::executed);
    REQUIRE(page.calls[0].others.size() == 1);
    CHECK(page.calls[0].others[0].decision == AuditEvent::refused);
    CHECK(to_json_view(page.calls[0])["others"].size() == 1);
    CHECK(fixture.tools({.text = "claimed"}) == Names{"send_email"});
}

TEST_CASE("Of a call that was refused thousands of times a search tells the last hundred and how many more there are") {
    CallsFixture fixture;
    const auto rejected = fixture.storage->add("pay");
    fixture.ann.reject(rejected.id);
    for (int number = 0; number < 1200; ++number)
        CHECK_THROWS(fixture.storage->claim({.request_id = rejected.id, .view_digest = "", .verify = {}}));
    const CallPage page = find_calls(*fixture.storage, {.tool = "pay", .limit = 1});
    REQUIRE(page.calls.size() == 1);
    const auto& call = page.calls[0];
    CHECK(call.end->decision == AuditEvent::refused);
    REQUIRE(call.others.size() == approvekit::RecordedCall::most_others);
    CHECK(call.others.front().sequence == call.end->sequence - 1);
    CHECK(call.others_left_out == 1200 - 1 - call.others.size());
    CHECK(to_json_view(call)["others_left_out"] == call.others_left_out);
    CHECK(find_call(*fixture.storage, call.decision.sequence)->others_left_out == call.others_left_out);
    CHECK(approvekit::review::call_line(call).size() < 200'000);
    CHECK_FALSE(to_json_view(find_calls(*fixture.storage, {.limit = 50}).calls.back()).contains("others_left_out"));
}

TEST_CASE("A call that a stop refused stands in its place, and the stop is no call") {
    CallsFixture fixture;
    const auto stop = fixture.ann.stop({.reason = "look first"});
    CHECK_THROWS(fixture.storage->record_intent({"pay", "{}", "{}", ""}));
    CHECK_THROWS(fixture.storage->record_intent({"ship", "{}", "{}", ""}));
    fixture.ann.resume(stop.id);
    fixture.storage->record_denial({"last", "{}", "{}", "no"});
    CHECK(fixture.tools({}) == Names{"last", "ship", "pay", "delete_all", "read_file", "drop_table", "send_email"});
    CHECK(fixture.tools({.status = AuditEvent::refused}) == Names{"ship", "pay"});
}

TEST_CASE("A vote is no call, and none is one that is not decided") {
    CallsFixture fixture;
    auto pay = fixture.storage->make("pay");
    pay.metadata["quorum"] = {{"approvals", 2}, {"reviewers", Json::array()}};
    pay.view_digest = view_digest(pay);
    fixture.storage->submit(pay);
    fixture.ann.approve(pay.id);
    CHECK(fixture.tools({.tool = "pay"}).empty());
    fixture.bob.approve(pay.id);
    const CallPage page = find_calls(*fixture.storage, {.tool = "pay"});
    REQUIRE(page.calls.size() == 1);
    CHECK(page.calls[0].status() == AuditEvent::approved);
    CHECK(page.calls[0].decision.reviewer == "bob");
}
