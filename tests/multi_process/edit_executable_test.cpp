// Editing the arguments of a call from the command line.
#include "approvekit/metadata_keys.hpp"
#include "multi_process/review_fixture.hpp"
#include "support/catch.hpp"

#include <string>
#include <vector>

using approvekit::ApprovalRequest;
using approvekit::ApprovalStatus;
using approvekit::Json;
using Catch::Matchers::ContainsSubstring;

namespace {

/// A request whose body may be edited.
struct EditFixture : ReviewFixture {
    ApprovalRequest editable = submit_editable();

    ApprovalRequest submit_editable() const {
        ApprovalRequest request = held_request(approvekit::SystemClock());
        request.tool_args = {{"to", "ana@example.com"}, {"body", "Dear Ana"}, {"copies", 1}};
        request.metadata[approvekit::allow_edit_key] = {"args.body", "args.copies"};
        request.view_digest = approvekit::view_digest(request);
        storage->submit(request);
        return request;
    }
    [[nodiscard]] Json document(const std::vector<std::string>& words) const {
        return Json::parse(review(words).output).at("request");
    }
};

}  // namespace

TEST_CASE("G16 approve --set lets a call run with other arguments, and show tells which") {
    const EditFixture fixture;
    const std::string id = fixture.editable.id;
    CHECK_THAT(fixture.review({"show", id}).output,
               ContainsSubstring("may be edited when it is approved: args.body, args.copies"));
    const auto finished = fixture.review({"approve", id, "--set", "args.body=\"Hi = there\"", "--set", "args.copies=2",
                                          "--seen", fixture.editable.view_digest});
    CHECK(finished.exit_code == 0);
    const ApprovalRequest approved = fixture.find(fixture.editable);
    CHECK(approved.status == ApprovalStatus::approved);
    CHECK(approved.edited.value().edits == Json{{"args.body", "Hi = there"}, {"args.copies", 2}});
    CHECK_THAT(fixture.review({"show", id}).output, ContainsSubstring("args.body to ") &&
                                                        ContainsSubstring("Hi = there") &&
                                                        ContainsSubstring("args.copies to "));
    CHECK(fixture.document({"show", id, "--json"}).at("edited").at("tool_args").at("body") == "Hi = there");
}

TEST_CASE("G16 approve --set says what is wrong with an edit, and nothing is decided") {
    const EditFixture fixture;
    const std::string id = fixture.editable.id;
    const ApprovalRequest other = fixture.submit_editable();
    struct Wrong {
        std::vector<std::string> words;
        std::string said;
    };
    for (const Wrong& wrong : {Wrong{{"--set", "args.body=Hi"}, "--set args.body takes JSON"},
                               Wrong{{"--set", "args.body"}, "--set takes a path and a value"},
                               Wrong{{"--set", "=7"}, "--set takes a path and a value"},
                               Wrong{{"--set", "args.copies=2", "--set", "args.copies=3"}, "is given twice"},
                               Wrong{{"--set", "args.to=\"eve\""}, "args.to: may not be edited"},
                               Wrong{{"--set", "args.copies=\"2\""}, "args.copies: expected a number"},
                               Wrong{{other.id, "--set", "args.copies=2"}, "--set is for one request"}}) {
        CAPTURE(wrong.said);
        std::vector<std::string> words{"approve", id};
        words.insert(words.end(), wrong.words.begin(), wrong.words.end());
        const auto finished = fixture.review(words);
        CHECK(finished.exit_code == 2);
        CHECK_THAT(finished.error_output, ContainsSubstring(wrong.said));
    }
    CHECK(fixture.find(fixture.editable).status == ApprovalStatus::pending);
    CHECK(fixture.find(other).status == ApprovalStatus::pending);
}
