#include "approvekit/recorded_call.hpp"

#include "approvekit/reviewer.hpp"
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

TEST_CASE("Calls come page by page, also while others are added") {
    CallsFixture fixture;
    CallQuery query{.limit = 2};
    const CallPage first = find_calls(*fixture.storage, query);
    CHECK(first.calls.size() == 2);
    fixture.ann.approve(fixture.storage->add("late").id);
    query.cursor = first.next;
    CHECK(fixture.tools(query) == Names{"drop_table", "send_email"});
    CHECK(find_calls(*fixture.storage, query).calls[1].status() == AuditEvent::executed);
    query.cursor = "elsewhere";
    CHECK(error_code_of([&] { (void)find_calls(*fixture.storage, query); }) == approvekit::ErrorCode::invalid_option);
}

TEST_CASE("What a stop refused is among the calls in order, and the stop is none of them") {
    const CallsFixture fixture;
    const approvekit::Stop stop = fixture.storage->stop({.reason = "a test"}, "ann", "terminal");
    for (const char* tool : {"first", "second"}) {
        CHECK(error_code_of([&] {
                  (void)fixture.storage->record_intent({tool, "{}", "{}", ""});
              }) == approvekit::ErrorCode::stopped);
    }
    fixture.storage->resume(stop.id, "ann", "terminal");
    const CallPage page = find_calls(*fixture.storage, {.limit = 3});
    REQUIRE(page.calls.size() == 3);
    CHECK(page.calls[0].decision.tool_name == "second");
    CHECK(page.calls[0].status() == AuditEvent::refused);
    CHECK(page.calls[1].decision.tool_name == "first");
    CHECK(page.calls[2].decision.tool_name == "delete_all");
    CHECK(fixture.tools({.cursor = page.next}) == Names{"read_file", "drop_table", "send_email"});
}
