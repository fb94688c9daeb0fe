#include "terminal/session_fixture.hpp"

#include "support/catch.hpp"

#include <string>

using namespace approvekit;
using namespace approvekit::testing;
using Catch::Matchers::ContainsSubstring;
using namespace std::chrono_literals;

TEST_CASE("G15 a session does not come back to what its reviewer has voted on") {
    SessionFixture fixture;
    auto request = fixture.storage->make("pay", {{"to", "lin"}}, mail_id);
    request.metadata["quorum"] = {{"approvals", 2}};
    request.view_digest = approvekit::view_digest(request);
    fixture.storage->submit(request);
    fixture.lines.add("y fine");
    const std::string screen = fixture.type({""});
    CHECK_THAT(screen, ContainsSubstring("Voted on aaaaaaaa pay; 1 more needed.") &&
                           ContainsSubstring("you have voted on all of them"));
    CHECK(screen.ends_with("approvekit> "));
    CHECK(fixture.status(mail_id) == ApprovalStatus::pending);
    Reviewer(fixture.storage, "bob", "web").approve(mail_id);
    CHECK_THAT(fixture.type({""}), ContainsSubstring("Nothing waits for a decision."));
}

TEST_CASE("A storage that fails is told in a session, which goes on") {
    SessionFixture fixture;
    fixture.add(mail_id, "mail", "high");
    fixture.lines.add("y fine", [&] { fixture.storage->fail_with(approvekit::ErrorCode::storage_busy); });
    fixture.lines.add("audit", [&] { fixture.storage->fail_with(std::nullopt); });
    CHECK_THAT(fixture.type({"y fine"}),
               ContainsSubstring("the record cannot be reached") && ContainsSubstring("Approved"));
}

TEST_CASE("Word of what arrives comes later where the storage failed, though nothing else arrives") {
    SessionFixture fixture;
    std::string failure;
    std::string after;
    fixture.lines.add("q", [&] {
        fixture.add(mail_id, "mail", "high");
        fixture.lines.news_until("New: aaaaaaaa");
        fixture.add(wipe_id, "wipe", "high");
        fixture.storage->fail_with(approvekit::ErrorCode::storage_busy);
        failure = fixture.lines.news_until("the record cannot be reached");
        fixture.storage->fail_with(std::nullopt);
        after = fixture.lines.news_until("New: bbbbbbbb");
    });
    fixture.type({});
    CHECK_THAT(failure, ContainsSubstring("the record cannot be reached"));
    CHECK_THAT(after, ContainsSubstring("New: bbbbbbbb") && !ContainsSubstring("aaaaaaaa"));
}

TEST_CASE("A request that ends while a note for it is typed is told so, without what Enter does elsewhere") {
    SessionFixture fixture;
    fixture.add(mail_id, "mail", "high");
    std::string told;
    fixture.lines.add("y");
    fixture.lines.add("too late", [&] {
        Reviewer(fixture.storage, "bob", "web").reject(mail_id);
        told = fixture.lines.news_until("It waits no longer.");
    });
    CHECK_THAT(fixture.type({}), ContainsSubstring("already rejected by bob"));
    CHECK_THAT(told, ContainsSubstring("It waits no longer. Ctrl+D leaves the note.") && !ContainsSubstring("Enter"));
}

TEST_CASE("A critical request among more than can be held is told, and comes next") {
    SessionFixture fixture;
    for (int count = 1000; count < 2002; ++count)
        fixture.add((std::to_string(count) + "0000-1111-4000-8000-000000000001").c_str(), "mail", "low");
    std::string told;
    fixture.lines.add("n no", [&] {
        fixture.add(wipe_id, "wipe", "critical");
        told = fixture.lines.news_until("New: bbbbbbbb");
    });
    const std::string screen = fixture.type({"list"});
    CHECK_THAT(screen, ContainsSubstring("999 or more wait for a decision.\n10000000  mail"));
    CHECK_THAT(told, ContainsSubstring("New: bbbbbbbb  critical"));
    CHECK_THAT(screen, ContainsSubstring("998 or more wait for a decision, 1 critical.\nbbbbbbbb  wipe"));
    CHECK_THAT(screen, ContainsSubstring("  1  bbbbbbbb  critical"));
}

TEST_CASE("A session shows the stops in force above each request and above its list") {
    SessionFixture fixture;
    fixture.add(mail_id, "mail", "high");
    fixture.storage->stop({.reason = "wrong recipients", .tool = "mail*"}, "bob", "web");
    CHECK_THAT(fixture.type({}),
               ContainsSubstring("\"mail*\" of every agent  by bob (web)") &&
                   ContainsSubstring("\"wrong recipients\"\nCalls that they cover wait, even if approved"));
    const std::string listed = fixture.type({"list"});
    CHECK_THAT(listed.substr(listed.find("list\n")), ContainsSubstring("\"mail*\" of every agent"));
}

TEST_CASE("A session tells once of a stop that comes or goes while it waits for a line") {
    SessionFixture fixture;
    fixture.lines.tells_news = true;
    approvekit::Stop stop;
    fixture.lines.add("audit", [&] { stop = fixture.storage->stop({.reason = "a test"}, "bob", "web"); });
    fixture.lines.add("more");
    fixture.lines.add("more", [&] { fixture.storage->resume(stop.id, "cy", "web"); });
    const std::string screen = fixture.type({"more"});
    const std::string id = stop.id.substr(0, 8);
    const auto of_stop = screen.find("Stopped  " + id + "  every tool of every agent  by bob (web)");
    const auto of_end = screen.find("Lifted   " + id);
    REQUIRE(of_stop != std::string::npos);
    CHECK(of_stop < screen.find("audit\n"));
    CHECK(screen.find("Stopped  ", of_stop + 1) == std::string::npos);
    REQUIRE(of_end != std::string::npos);
    CHECK_THAT(screen.substr(of_end), ContainsSubstring("lifted by cy (web)"));
    CHECK(screen.find("Lifted   ", of_end + 1) == std::string::npos);
}
