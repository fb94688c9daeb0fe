// Grants from the command line: given with an approval, listed, revoked.
#include "approvekit/error.hpp"
#include "approvekit/metadata_keys.hpp"
#include "multi_process/review_fixture.hpp"
#include "support/catch.hpp"

#include <string>
#include <vector>

using namespace approvekit;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

namespace {

/// A request of which a reviewer may grant 20 more within eight hours.
struct GrantFixture : ReviewFixture {
    ApprovalRequest grantable = submit_grantable();

    ApprovalRequest submit_grantable() const {
        ApprovalRequest request = held_request(SystemClock());
        request.tool_args = {{"to", "ana@example.com"}, {"copies", 1}};
        request.metadata[grants_key] = {{"uses", 20}, {"for", 28800}, {"bounds", {"args.to", "args.copies"}}};
        request.view_digest = view_digest(request);
        storage->submit(request);
        return request;
    }
};

}  // namespace

TEST_CASE("G17 a grant from the command line is listed with what is left of it, until it is revoked there") {
    const GrantFixture fixture;
    const std::string id = fixture.grantable.id;
    CHECK_THAT(fixture.review({"show", id}).output,
               ContainsSubstring("up to 20 more like it within 8 h, which may differ in args.to,"));
    CHECK(fixture.review({"grants"}).output == "No grants.\n");
    const auto approved = fixture.review({"--reviewer", "ann", "approve", id, "--grant-uses", "3", "--grant-for", "2h",
                                          "--grant-free", "args.to", "--grant-within", R"(args.copies={"lte": 2})"});
    CHECK(approved.exit_code == 0);
    const Json listed = Json::parse(fixture.review({"grants", "--json"}).output).at("grants");
    REQUIRE(listed.size() == 1);
    CHECK(listed.at(0).at("uses") == 3);
    CHECK(listed.at(0).at("for") == 7200);
    CHECK(listed.at(0).at("free") == Json{"args.to"});
    CHECK(listed.at(0).at("bounds") == Json{{"args.copies", {{"lte", 2}}}});
    CHECK_THAT(fixture.review({"grants"}).output, StartsWith("Grant  " + id.substr(0, 8)) &&
                                                      ContainsSubstring("by ann (terminal)") &&
                                                      ContainsSubstring("0 of 3; for "));
    const auto revoked = fixture.review({"--reviewer", "bob", "revoke", id.substr(0, 8)});
    CHECK(revoked.exit_code == 0);
    CHECK_THAT(revoked.output, ContainsSubstring("revoked by bob (terminal)"));
    CHECK(fixture.review({"grants"}).output == "No grants.\n");
    CHECK_THAT(fixture.review({"grants", "--all"}).output, ContainsSubstring("revoked by bob"));
    CHECK(fixture.review({"--reviewer", "cy", "revoke", id}).exit_code == 4);
    CHECK(fixture.review({"revoke", "ffffffff"}).exit_code == 3);
    CHECK(fixture.review({"audit", "verify"}).exit_code == 0);
}

TEST_CASE("G17 what may not be granted is refused, and nothing is decided") {
    const GrantFixture fixture;
    const std::string id = fixture.grantable.id;
    struct Wrong {
        std::vector<std::string> words;
        std::string told;
    };
    for (const Wrong& wrong :
         {Wrong{{"--grant-uses", "21", "--grant-for", "1h"}, "its rule lets a reviewer grant 20 at most"},
          Wrong{{"--grant-uses", "2", "--grant-for", "9h"}, "its rule lets a reviewer grant 28800 s at most"},
          Wrong{{"--grant-uses", "2"}, "a grant needs both --grant-uses N and --grant-for TIME"},
          Wrong{{"--grant-for", "1h"}, "a grant needs both --grant-uses N and --grant-for TIME"},
          Wrong{{"--grant-uses", "2", "--grant-for", "soon"}, "--grant-for takes whole seconds"},
          Wrong{{"--grant-uses", "2", "--grant-for", "1h", "--grant-free", "args.body"}, "differ in it"},
          Wrong{{"--grant-uses", "2", "--grant-for", "1h", "--grant-within", "args.copies=2"}, "args.copies"},
          Wrong{{"--grant-uses", "2", "--grant-for", "1h", "--grant-within", "args.copies"},
                "--grant-within takes a path and a value"}}) {
        std::vector<std::string> words{"approve", id};
        words.insert(words.end(), wrong.words.begin(), wrong.words.end());
        const auto finished = fixture.review(words);
        CAPTURE(wrong.told, finished.error_output);
        CHECK(finished.exit_code == 2);
        CHECK_THAT(finished.error_output, ContainsSubstring(wrong.told));
        CHECK(fixture.find(fixture.grantable).status == ApprovalStatus::pending);
    }
    const ApprovalRequest other = fixture.submit_grantable();
    const auto two = fixture.review({"approve", id, other.id, "--grant-uses", "2", "--grant-for", "1h"});
    CHECK(two.exit_code == 2);
    CHECK_THAT(two.error_output, ContainsSubstring("--grant-uses is for one request"));
}
