// Grants over the API: given with an approval, listed, revoked.
#include "approvekit/digest.hpp"
#include "support/catch.hpp"
#include "web/api_fixture.hpp"

#include <string>

using namespace approvekit;
using namespace approvekit::web;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("G17 an approval with a grant lets calls run until it is revoked, and what is wrong with a grant is told") {
    ApiFixture fixture;
    ApprovalRequest asked = fixture.storage->make("mail", {{"to", "ana"}, {"body", "Dear Ana"}});
    asked.metadata["grants"] = {{"uses", 5}, {"for", 3600}, {"bounds", {"args.to"}}};
    asked.view_digest = view_digest(asked);
    fixture.storage->submit(asked);
    const std::string path = "/api/requests/" + asked.id + "/approve";
    CHECK(body_of(fixture.get("/api/requests/" + asked.id)).at("request").at("grantable") ==
          Json{{"uses", 5}, {"for", 3600}, {"bounds", {"args.to"}}});
    const Answer refused = fixture.post(path, R"({"grant": {"uses": 6, "for": "1h"}})");
    CHECK(refused.status == 400);
    CHECK(code_of(refused) == "invalid_grant");
    CHECK_THAT(body_of(refused).at("error").get<std::string>(), ContainsSubstring("a reviewer grant 5 at most"));
    for (const char* const body :
         {R"({"grant": 5})", R"({"grant": {"uses": 2}})", R"({"grant": {"for": 60}})",
          R"({"grant": {"uses": 0, "for": 60}})", R"({"grant": {"uses": 2.5, "for": 60}})",
          R"({"grant": {"uses": 2, "for": "a while"}})", R"({"grant": {"uses": 2, "for": 60, "free": "args.to"}})",
          R"({"grant": {"uses": 2, "for": 60, "bounds": []}})", R"({"grant": {"uses": 2, "for": 60, "until": "x"}})"}) {
        CAPTURE(body);
        CHECK(code_of(fixture.post(path, body)) == "invalid_option");
    }
    CHECK(body_of(fixture.get("/api/grants")).at("grants").empty());
    CHECK(fixture.post(path, R"({"grant": {"uses": 5, "for": "1h", "free": ["args.to"]}})").status == 200);
    const Json grants = body_of(fixture.get("/api/grants")).at("grants");
    REQUIRE(grants.size() == 1);
    CHECK(grants.at(0).at("id") == asked.id);
    CHECK(grants.at(0).at("left") == 5);
    CHECK(grants.at(0).at("free") == Json{"args.to"});
    const Json revoked = body_of(fixture.post("/api/grants/" + asked.id.substr(0, 8) + "/revoke", "{}")).at("grant");
    CHECK(revoked.at("revoked_by") == "ada");
    CHECK(body_of(fixture.get("/api/grants")).at("grants").empty());
    CHECK(fixture.post("/api/grants/" + asked.id + "/forget", "{}").status == 404);
}
