// Answering a call over HTTP.
#include "approvekit/metadata_keys.hpp"
#include "support/catch.hpp"
#include "support/failing_storage.hpp"
#include "web/api.hpp"
#include "web/identification.hpp"

#include <memory>
#include <optional>
#include <string>

using namespace approvekit;
using namespace approvekit::web;
using approvekit::testing::FailingStorage;
using approvekit::testing::ManualClock;
using Catch::Matchers::ContainsSubstring;

namespace {

struct AnswerFixture {
    explicit AnswerFixture(bool takes_answer = true) {
        if (takes_answer) asked.metadata[allow_answer_key] = true;
        asked.view_digest = view_digest(asked);
        storage->submit(asked);
    }

    Answer post(const std::string& action, const std::string& body) {
        return post_to("/api/requests/" + asked.id + "/" + action, body);
    }
    Answer post_to(const std::string& path, const std::string& body) {
        const Caller caller{.reviewer = "ada", .has_token = true};
        return api.answer({find_route(path), "POST", "", body, std::nullopt, caller});
    }
    Json shown() { return to_json_view(*storage->find(asked.id)); }

    std::shared_ptr<ManualClock> clock = std::make_shared<ManualClock>();
    std::shared_ptr<FailingStorage> storage = std::make_shared<FailingStorage>(clock);
    Reviewer reviewer{storage, "ada", "web"};
    OneReviewer identification{{"ada", "a-token-for-tests-only", "http://127.0.0.1:1"}, *clock};
    EventHub events{2};
    Api api{{reviewer, identification, events, *clock}};
    ApprovalRequest asked = storage->make("ask", {{"what", "a room"}});
};

Json document_of(const Answer& answer) {
    return Json::parse(answer.body);
}

}  // namespace

TEST_CASE("an answer over HTTP is a text or JSON, and stands in the request after it") {
    for (const Json& words : {Json("Ask Bob."), Json{{"rooms", {1, 2}}}, Json(7), Json(false)}) {
        AnswerFixture fixture;
        CHECK(fixture.shown().at("answerable") == true);
        CHECK(fixture.shown().at("answer").is_null());
        const Json body{{"answer", words}, {"view", fixture.asked.view_digest}, {"shown", "whole"}, {"notes", "so"}};
        const Answer answer = fixture.post("answer", body.dump());
        CHECK(answer.status == 200);
        const Json request = document_of(answer).at("request");
        CHECK(request.at("status") == "answered");
        CHECK(request.at("answer") == words);
        CHECK(request.at("reviewer") == "ada");
        CHECK(request.at("reviewer_notes") == "so");
        CHECK(request.at("run") == "none");
    }
}

TEST_CASE("what is wrong with an answer over HTTP is told, and nothing is decided") {
    AnswerFixture fixture;
    for (const char* const body : {"", "{}", R"({"answer": null})", R"({"answer": ""})"}) {
        CAPTURE(body);
        const Answer answer = fixture.post("answer", body);
        CHECK(answer.status == 400);
        CHECK(document_of(answer).at("code") == "invalid_answer");
    }
    CHECK(fixture.post("answer", R"({"answer": "x", "words": "y"})").status == 400);
    CHECK(fixture.post("approve", R"({"answer": "x"})").status == 400);
    CHECK(fixture.post("reject", R"({"answer": "x"})").status == 400);
    CHECK(document_of(fixture.post("answer", R"({"answer": "x", "edits": {"args.what": "y"}})")).at("code") ==
          "invalid_edit");
    CHECK(document_of(fixture.post("answer", R"({"answer": "x", "view": "another"})")).at("code") == "altered");
    const std::string several = R"({"verdict": "answer", "requests": [{"id": ")" + fixture.asked.id + R"("}]})";
    CHECK(fixture.post_to("/api/decisions", several).status == 400);
    CHECK(fixture.shown().at("status") == "pending");
    AnswerFixture silent(false);
    CHECK(silent.shown().at("answerable") == false);
    CHECK(document_of(silent.post("answer", R"({"answer": "x"})")).at("code") == "invalid_answer");
}
