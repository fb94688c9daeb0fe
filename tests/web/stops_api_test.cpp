// Stops over the API, after somebody has written directly into the record.
#include "support/catch.hpp"
#include "web/api_fixture.hpp"

#include <string>

using namespace approvekit;
using namespace approvekit::web;

TEST_CASE("G18 a stop of which its row alone says that it was lifted is listed, until somebody lifts it") {
    ApiFixture fixture;
    const auto listed = [&] { return body_of(fixture.get("/api/stops")).at("stops"); };
    const std::string lifted = fixture.reviewer.stop({.reason = "over"}).id;
    fixture.reviewer.resume(lifted);
    CHECK(listed().empty());
    const std::string forged = fixture.reviewer.stop({.reason = "a test"}).id;
    const std::string other = fixture.reviewer.stop({.reason = "another"}).id;
    CHECK(listed().size() == 2);
    fixture.storage->say_lifted(forged);
    REQUIRE(listed().size() == 2);
    CHECK(listed()[0].at("id") == other);
    CHECK(listed()[0].at("ended_at").is_null());
    CHECK(listed()[1].at("id") == forged);
    CHECK(listed()[1].at("ended_by") == "mallory");
    CHECK(fixture.post("/api/stops/" + forged + "/resume", "{}").status == 200);
    REQUIRE(listed().size() == 1);
    CHECK(listed()[0].at("id") == other);
    CHECK(code_of(fixture.post("/api/stops/" + forged + "/resume", "{}")).empty());
}
