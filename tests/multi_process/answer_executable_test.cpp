// Answering a call from the command line.
#include "approvekit/metadata_keys.hpp"
#include "multi_process/review_fixture.hpp"
#include "support/catch.hpp"

#include <fstream>
#include <string>
#include <vector>

using approvekit::ApprovalRequest;
using approvekit::ApprovalStatus;
using approvekit::Json;
using Catch::Matchers::ContainsSubstring;

namespace {

/// A request that may be answered.
struct AnswerFixture : ReviewFixture {
    ApprovalRequest answerable = submit_answerable();

    ApprovalRequest submit_answerable() const {
        ApprovalRequest request = held_request(approvekit::SystemClock());
        request.metadata[approvekit::allow_answer_key] = true;
        request.view_digest = approvekit::view_digest(request);
        storage->submit(request);
        return request;
    }
};

}  // namespace

TEST_CASE("answer gives the agent a text, JSON or a file, and show, list and audit tell of it") {
    const AnswerFixture fixture;
    const std::string id = fixture.answerable.id;
    CHECK_THAT(fixture.review({"show", id}).output, ContainsSubstring("may be answered instead of being run"));
    const auto finished = fixture.review(
        {"answer", id, "--text", "Ask Bob.", "--notes", "he knows", "--seen", fixture.answerable.view_digest});
    CHECK(finished.exit_code == 0);
    CHECK_THAT(finished.output, ContainsSubstring("Answered "));
    CHECK(fixture.find(fixture.answerable).answer == "Ask Bob.");
    CHECK_THAT(fixture.review({"show", id}).output, ContainsSubstring("Ask Bob."));
    CHECK_THAT(fixture.review({"list", "--status", "answered"}).output, ContainsSubstring("answered"));
    CHECK_THAT(fixture.review({"audit"}).output, ContainsSubstring("answered") && ContainsSubstring("Ask Bob."));
    CHECK(fixture.review({"audit", "verify"}).exit_code == 0);
    CHECK(fixture.review({"approve", id}).exit_code == 4);

    const ApprovalRequest rooms = fixture.submit_answerable();
    CHECK(fixture.review({"answer", rooms.id, "--value", R"({"rooms": 2})"}).exit_code == 0);
    CHECK(fixture.find(rooms).answer == Json{{"rooms", 2}});

    const ApprovalRequest filed = fixture.submit_answerable();
    const std::string file = fixture.path.string() + ".answer";
    std::ofstream(file) << "From a file.\n";
    CHECK(fixture.review({"answer", filed.id, "--file", file}).exit_code == 0);
    CHECK(fixture.find(filed).answer == "From a file.\n");
}

TEST_CASE("answer says what is wrong with it, and nothing is decided") {
    const AnswerFixture fixture;
    const std::string id = fixture.answerable.id;
    const std::vector<std::vector<std::string>> wrong{
        {"answer", id},
        {"answer", id, "--text", "x", "--value", "1"},
        {"answer", id, "--value", "{"},
        {"answer", id, "--value", "null"},
        {"answer", id, "--file", "/nowhere/at/all"},
        {"answer", id, "--text", ""},
        {"answer", id, fixture.submit_answerable().id, "--text", "x"},
    };
    for (const std::vector<std::string>& words : wrong) {
        CAPTURE(words);
        CHECK(fixture.review(words).exit_code == 2);
    }
    CHECK(fixture.find(fixture.answerable).status == ApprovalStatus::pending);
}
