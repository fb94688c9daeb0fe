// Stops from the command line: put in force, listed above what waits, lifted by anybody.
#include "approvekit/error.hpp"
#include "approvekit/json.hpp"
#include "review_fixture.hpp"
#include "support/catch.hpp"

#include <string>

using namespace approvekit;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

TEST_CASE("G18 a stop from the command line is in force for an agent that runs, until it is lifted there") {
    ReviewFixture fixture;
    const auto allow = [&] { return fixture.storage->record_intent({"send_email", "{}", "{}", "allowed", "mailer"}); };
    const auto stopped = fixture.review(
        {"--reviewer", "ann", "stop", "--tool", "send_*", "--agent", "mail*", "--reason", "wrong recipients"});
    CHECK(stopped.exit_code == 0);
    CHECK_THAT(stopped.output, ContainsSubstring("send_*") && ContainsSubstring("by ann (terminal)"));
    CHECK_THROWS_AS(allow(), StoppedError);
    CHECK_FALSE(fixture.storage->record_intent({"read_file", "{}", "{}", "allowed", "mailer"}).empty());

    const auto lifted = fixture.review({"--reviewer", "bob", "resume"});
    CHECK(lifted.exit_code == 0);
    CHECK_THAT(lifted.output, StartsWith("Lifted") && ContainsSubstring("by bob (terminal)"));
    CHECK_FALSE(allow().empty());
    CHECK(fixture.review({"audit", "verify"}).exit_code == 0);
}

TEST_CASE("Stops are listed, as JSON too, and stand above what waits") {
    ReviewFixture fixture;
    CHECK(fixture.review({"stops"}).output == "No stop is in force.\n");
    const Stop stop = fixture.storage->stop({.reason = "a test"}, "ann", "web");
    const Json listed = Json::parse(fixture.review({"stops", "--json"}).output);
    CHECK(listed == Json{{"stops", {to_json_view(stop)}}});
    CHECK_THAT(fixture.review({"list"}).output, StartsWith("Stopped  " + stop.id.substr(0, 8)));
    CHECK_THAT(fixture.review({}, "quit\n").output, StartsWith("Stopped  " + stop.id.substr(0, 8)));
    CHECK(fixture.review({"resume", stop.id.substr(0, 8)}).exit_code == 0);
    CHECK(fixture.review({"stops"}).output == "No stop is in force.\n");
    CHECK_THAT(fixture.review({"stops", "--all"}).output, StartsWith("Lifted   " + stop.id.substr(0, 8)));
}

TEST_CASE("What cannot be stopped or lifted ends with the code of its kind") {
    ReviewFixture fixture;
    CHECK(fixture.review({"stop"}).exit_code == 2);
    CHECK(fixture.review({"stop", "--reason", " "}).exit_code == 2);
    CHECK(fixture.review({"resume"}).exit_code == 3);
    CHECK(fixture.review({"resume", "ffffffff"}).exit_code == 3);
    const Stop first = fixture.storage->stop({.reason = "a test"}, "ann", "web");
    fixture.storage->stop({.reason = "another"}, "ann", "web");
    CHECK(fixture.review({"resume"}).exit_code == 3);
    fixture.storage->resume(first.id, "ann", "web");
    CHECK(fixture.review({"resume", first.id}).exit_code == 4);
}
