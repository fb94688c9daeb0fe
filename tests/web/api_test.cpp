#include "web/api.hpp"

#include "approvekit/reviewer_key.hpp"
#include "support/catch.hpp"
#include "web/api_fixture.hpp"

#include <chrono>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

using namespace approvekit;
using namespace approvekit::web;
using approvekit::testing::FailingStorage;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("the queue is paged, oldest first, with the server's time") {
    ApiFixture fixture;
    for (int i = 0; i < 5; ++i)
        fixture.storage->add("tool" + std::to_string(i));

    const Json first = body_of(fixture.get("/api/requests", "limit=3"));
    CHECK(first.at("requests").size() == 3);
    CHECK(first.at("requests")[0].at("tool_name") == "tool0");
    CHECK(first.at("now") == to_text(fixture.clock->now()));
    const std::string next = first.at("next").get<std::string>();
    const std::size_t mark = next.find('+');  // it must be encoded in a URL
    REQUIRE(mark != std::string::npos);
    const std::string cursor = next.substr(0, mark) + "%2B" + next.substr(mark + 1);
    const Json last = body_of(fixture.get("/api/requests", "limit=3&cursor=" + cursor));
    CHECK(last.at("requests").size() == 2);
    CHECK(last.at("next").is_null());
}

TEST_CASE("the queue shows requests as they are stored, hostile text included") {
    ApiFixture fixture;
    const std::string hostile = "</script><img src=x onerror=alert(1)>\xE2\x80\xAE\x1b[31m";
    fixture.storage->add(hostile, {{hostile, hostile}});
    const Answer answer = fixture.get("/api/requests");
    CHECK(answer.content_type == "application/json");
    CHECK(body_of(answer).at("requests")[0].at("tool_args").at(hostile) == hostile);
}

TEST_CASE("a row of another program that is not UTF-8 does not hide the others") {
    ApiFixture fixture;
    fixture.storage->add("bad \xFF name");
    fixture.storage->add("good");
    const Json body = body_of(fixture.get("/api/requests"));
    CHECK(body.at("requests")[0].at("tool_name") == "bad \xEF\xBF\xBD name");
    CHECK(body.at("requests").size() == 2);
}

TEST_CASE("one request is shown by its id or the start of it") {
    ApiFixture fixture;
    const auto asked = fixture.storage->add("wire");
    CHECK(body_of(fixture.get("/api/requests/" + asked.id.substr(0, 8))).at("request").at("id") == asked.id);
    CHECK(fixture.get("/api/requests/00000000-none").status == 404);
}

TEST_CASE("a decision with notes and the view that was shown is taken once, and the loser is told who won") {
    ApiFixture fixture;
    const auto asked = fixture.storage->add("wire");
    const Json body = {{"notes", "fine"}, {"view", asked.view_digest}};

    const Answer won = fixture.post("/api/requests/" + asked.id + "/approve", body.dump());
    const Answer lost = fixture.post("/api/requests/" + asked.id + "/reject");

    CHECK(won.status == 200);
    CHECK(body_of(won).at("request").at("reviewer_notes") == "fine");
    CHECK(lost.status == 409);
    CHECK(code_of(lost) == "already_decided");
    CHECK(body_of(lost).at("request").at("reviewer") == "ada");
    CHECK(body_of(lost).at("request").at("status") == "approved");

    const Answer again = fixture.post("/api/requests/" + asked.id + "/approve", body.dump());
    CHECK(again.status == 200);
    CHECK(body_of(again).at("request") == body_of(won).at("request"));
}

TEST_CASE("several are decided with one call, each by itself, with a result for each in their order") {
    ApiFixture fixture;
    const auto first = fixture.storage->add("first");
    const auto second = fixture.storage->add("second");
    const auto seen = fixture.storage->add("seen");
    fixture.reviewer.reject(second.id);
    const Json body = {{"verdict", "approve"},
                       {"notes", "as agreed"},
                       {"requests",
                        {{{"id", first.id.substr(0, 12)}, {"view", first.view_digest}, {"shown", "whole"}},
                         {{"id", second.id}},
                         {{"id", "ffffffff"}},
                         {{"id", seen.id}, {"view", "of something else"}}}}};

    const Answer answer = fixture.post("/api/decisions", body.dump());

    REQUIRE(answer.status == 200);
    const Json results = body_of(answer).at("results");
    REQUIRE(results.size() == 4);
    CHECK(results[0] == Json({{"id", first.id}, {"status", "approved"}, {"code", nullptr}, {"error", nullptr}}));
    CHECK(results[1].at("code") == "already_decided");
    CHECK(results[1].at("status") == "rejected");
    CHECK(results[2].at("code") == "not_found");
    CHECK(results[2].at("id") == "ffffffff");
    CHECK(results[2].at("status").is_null());
    CHECK(results[3].at("code") == "altered");
    CHECK(results[3].at("status") == "pending");
    CHECK(fixture.reviewer.find(first.id).reviewer_notes == "as agreed");
    CHECK(body_of(fixture.post("/api/decisions", body.dump())).at("results") == results);
}

TEST_CASE("once the record cannot be reached, none of the rest of several is tried") {
    ApiFixture fixture;
    const std::string first = fixture.storage->add("first").id;
    const std::string second = fixture.storage->add("second").id;
    const Json body = {{"verdict", "approve"}, {"requests", {{{"id", first}}, {{"id", second}}}}};
    fixture.storage->fail_with(ErrorCode::storage_busy);
    const Json results = body_of(fixture.post("/api/decisions", body.dump())).at("results");
    fixture.storage->fail_with(std::nullopt);
    CHECK(results[0].at("code") == "storage_busy");
    CHECK(results[1].at("code") == "storage_busy");
    CHECK(results[1].at("error").get<std::string>().starts_with("not tried: "));
    CHECK(fixture.reviewer.find(second).status == ApprovalStatus::pending);
}

TEST_CASE("of several that are not named well nothing is decided") {
    ApiFixture fixture;
    const std::string id = fixture.storage->add("wire").id;
    const Json good = {{"id", id}};
    const auto refuses = [&](const Json& requests, const std::string& verdict, const std::string& words) {
        const Answer answer =
            fixture.post("/api/decisions", Json({{"verdict", verdict}, {"requests", requests}}).dump());
        CHECK(answer.status == 400);
        CHECK_THAT(body_of(answer).at("error").get<std::string>(), ContainsSubstring(words));
    };
    refuses(Json::array(), "approve", "1 to 200");
    refuses(Json(std::vector<Json>(201, good)), "approve", "1 to 200");
    refuses({good, good}, "approve", "twice");
    refuses(Json::array({good}), "maybe", "approve or reject");
    refuses({good, Json::object()}, "approve", "no id");
    refuses({good, {{"id", 7}}}, "approve", "id is not a string");
    refuses({good, {{"id", "ffffffff"}, {"shown", "half"}}}, "approve", "shown");
    refuses({good, {{"id", "ffffffff"}, {"note", ""}}}, "approve", "unknown member");
    refuses(good, "approve", "a list");
    CHECK(fixture.post("/api/decisions", "[]").status == 400);
    CHECK(fixture.reviewer.find(id).status == ApprovalStatus::pending);
}

TEST_CASE("a decision on another view than the one that was shown is refused and shows the present one") {
    ApiFixture fixture;
    const auto asked = fixture.storage->add("wire");
    fixture.storage->alter(asked.id);
    const Answer answer =
        fixture.post("/api/requests/" + asked.id + "/approve", Json({{"view", asked.view_digest}}).dump());
    CHECK(answer.status == 409);
    CHECK(code_of(answer) == "altered");
    CHECK(body_of(answer).at("request").at("tool_args").at("edited") == true);
}

TEST_CASE("G11 H51 a request of another program that changed after it was shown is not approved") {
    ApiFixture fixture;
    ApprovalRequest foreign = fixture.storage->make("wire", {{"amount", 1}});
    fixture.storage->write_as_another_program(foreign);
    const Json shown = body_of(fixture.get("/api/requests/" + foreign.id)).at("request");
    REQUIRE(shown.at("view_digest").is_string());
    const std::string decision = Json({{"view", shown.at("view_digest")}}).dump();

    foreign.tool_args["amount"] = 1000000;
    fixture.storage->write_as_another_program(foreign);
    const Answer refused = fixture.post("/api/requests/" + foreign.id + "/approve", decision);
    CHECK(refused.status == 409);
    CHECK(code_of(refused) == "altered");

    foreign.tool_args["amount"] = 1;
    fixture.storage->write_as_another_program(foreign);
    CHECK(fixture.post("/api/requests/" + foreign.id + "/approve", decision).status == 200);
}

TEST_CASE("an overdue request gets 410, an unknown one 404, an ambiguous prefix 409") {
    ApiFixture fixture;
    const auto asked = fixture.storage->add("wire");
    fixture.storage->add("wire", {}, "same1111");
    fixture.storage->add("wire", {}, "same2222");
    const Answer ambiguous = fixture.post("/api/requests/same/approve");
    fixture.clock->advance(std::chrono::minutes(2));
    const Answer expired = fixture.post("/api/requests/" + asked.id + "/approve");

    CHECK(ambiguous.status == 409);
    CHECK(code_of(ambiguous) == "ambiguous");
    CHECK(expired.status == 410);
    CHECK(body_of(expired).at("request").at("status") == "timeout");
    CHECK(code_of(fixture.post("/api/requests/none/approve")) == "not_found");
}

TEST_CASE("the audit comes newest first, all of it or of one request") {
    ApiFixture fixture;
    const auto one = fixture.storage->add("one");
    const auto two = fixture.storage->add("two");
    fixture.post("/api/requests/" + one.id + "/approve");
    fixture.post("/api/requests/" + two.id + "/reject");

    const Json all = body_of(fixture.get("/api/audit"));
    CHECK(all.at("audit")[0].at("request_id") == two.id);
    CHECK(all.at("audit").size() == 2);
    CHECK(all.at("now").is_string());
    CHECK(body_of(fixture.get("/api/audit", "request_id=" + one.id)).at("audit").size() == 1);
}

TEST_CASE("a parameter or a cursor that is not understood gets 400") {
    ApiFixture fixture;
    CHECK(fixture.get("/api/requests", "status=open").status == 400);
    CHECK(fixture.get("/api/requests", "cursor=nonsense").status == 400);
    CHECK(fixture.get("/api/audit", "status=all").status == 400);
    CHECK(fixture.get("/api/health", "x=1").status == 400);
    CHECK(fixture.get("/api/events", "x=1").status == 400);
}

TEST_CASE("while the record cannot be reached, nothing counts as decided and health says so") {
    ApiFixture fixture;
    const auto asked = fixture.storage->add("wire");
    fixture.storage->fail_with(ErrorCode::storage_busy);
    CHECK(fixture.post("/api/requests/" + asked.id + "/approve").status == 503);
    CHECK(code_of(fixture.get("/api/requests")) == "storage_busy");
    fixture.storage->fail_with(ErrorCode::storage_corrupt);
    CHECK(fixture.get("/api/requests").status == 500);
    CHECK(fixture.get("/api/health").status == 503);

    fixture.storage->fail_with(std::nullopt);
    fixture.clock->advance(RecordHealth::period);
    CHECK(fixture.get("/api/health").body == R"({"ok":true})");
    CHECK(fixture.storage->find(asked.id)->status == ApprovalStatus::pending);
}

TEST_CASE("H75 however often anybody asks for health, the record is looked at once a second") {
    ApiFixture fixture;
    fixture.storage->fail_with(ErrorCode::storage_io);
    for (int second = 1; second <= 3; ++second) {
        for (int time = 0; time < 100; ++time)
            CHECK(fixture.get("/api/health").status == 503);
        CHECK(fixture.storage->failures() == second);
        fixture.clock->advance(RecordHealth::period);
    }
}

TEST_CASE("what fails for reasons of ours is answered without their words") {
    class Faulty final : public FailingStorage {
    public:
        std::optional<ApprovalRequest> find(std::string_view id) override {
            if (id == "memory") throw std::bad_alloc();
            throw std::runtime_error("the secret of the house");
        }
    };
    ApiFixture fixture;
    fixture.reviewer = Reviewer(std::make_shared<Faulty>(), "ada", "web");
    for (const std::string path : {"/api/requests/12345678", "/api/requests/memory"}) {
        const Answer answer = fixture.get(path);
        CHECK(answer.status == 500);
        CHECK(code_of(answer) == "internal_error");
        CHECK(answer.body.find("secret") == std::string::npos);
    }
}

TEST_CASE("a session says which key signs") {
    ApiFixture fixture;
    CHECK(body_of(fixture.get("/api/session")).at("key_id").is_null());
    const auto key = std::make_shared<ReviewerKey>(ReviewerKey::generate("ada"));
    fixture.reviewer.sign_with(key);
    CHECK(body_of(fixture.get("/api/session")).at("key_id") == key_id(key->public_key()));
}

TEST_CASE("G14 an approval that the agent would not take is refused with what to do, and the request is shown") {
    ApiFixture fixture;
    ApprovalRequest asked = fixture.storage->make("wire");
    asked.metadata[signers_key] = {{"grace", "0123456789abcdef"}};
    asked.view_digest = view_digest(asked);
    fixture.storage->submit(asked);
    const Answer answer = fixture.post("/api/requests/" + asked.id + "/approve");
    CHECK(answer.status == 409);
    CHECK(code_of(answer) == "untrusted_decision");
    CHECK(body_of(answer).at("request").at("status") == "pending");
}

TEST_CASE("H59 a session is opened with a link and a secret, and says who decides") {
    ApiFixture fixture;
    const std::string link = body_of(fixture.post("/api/link")).at("link");
    const Json body = {{"link", link.substr(link.find('=') + 1)}, {"secret", std::string(64, '0')}};

    const Answer opened = fixture.post("/api/session", body.dump());

    REQUIRE(opened.status == 200);
    CHECK(body_of(opened).at("reviewer") == "ada");
    CHECK(opened.headers.empty());
    CHECK(fixture.identification.sessions_of(fixture.caller).size() == 1);
    CHECK(code_of(fixture.post("/api/session", Json({{"link", "x"}, {"secret", body["secret"]}}).dump())) ==
          "unauthorized");
}

TEST_CASE("H59 a secret that a browser could not have made at random is refused, and spends no link") {
    ApiFixture fixture;
    const std::string link = fixture.identification.make_link();
    Json body = {{"link", link.substr(link.find('=') + 1)}};
    for (const std::string& secret : {std::string(), std::string("short"), std::string(63, '0'), std::string(65, '0'),
                                      std::string(64, 'g'), std::string(64, 'A'), std::string(63, '0') + " "}) {
        CAPTURE(secret);
        body["secret"] = secret;
        CHECK(fixture.post("/api/session", body.dump()).status == 400);
    }
    CHECK(fixture.post("/api/session", "{}").status == 400);
    CHECK(fixture.post("/api/session", R"({"token":"x"})").status == 400);
    CHECK(fixture.post("/api/link", R"({"for":"x"})").status == 400);
    body["secret"] = std::string(64, '0');
    CHECK(fixture.post("/api/session", body.dump()).status == 200);
}

TEST_CASE("the page and its files come with their types") {
    ApiFixture fixture;
    CHECK(fixture.get("/").body == fixture.get("/index.html").body);
    CHECK(fixture.get("/").content_type == "text/html; charset=utf-8");
    CHECK(fixture.get("/main.js").content_type == "text/javascript; charset=utf-8");
}

TEST_CASE("G16 an approval with edits is of other arguments, and what is wrong with an edit is told") {
    ApiFixture fixture;
    ApprovalRequest asked = fixture.storage->make("mail", {{"to", "ana"}, {"body", "Dear Ana"}});
    asked.metadata["allow_edit"] = {"args.body"};
    asked.view_digest = view_digest(asked);
    fixture.storage->submit(asked);
    const std::string path = "/api/requests/" + asked.id + "/approve";
    CHECK(body_of(fixture.get("/api/requests/" + asked.id)).at("request").at("editable") == Json{"args.body"});
    CHECK(body_of(fixture.get("/api/requests/" + asked.id)).at("request").at("edited").is_null());
    const Answer refused = fixture.post(path, R"({"edits": {"args.to": "eve"}})");
    CHECK(refused.status == 400);
    CHECK(code_of(refused) == "invalid_edit");
    CHECK_THAT(body_of(refused).at("error").get<std::string>(), ContainsSubstring("args.to: may not be edited"));
    CHECK(body_of(refused).at("request").at("status") == "pending");
    for (const char* const body : {R"({"edits": "args.body"})", R"({"edits": null})", R"({"edits": ["args.body"]})"}) {
        CAPTURE(body);
        CHECK(fixture.post(path, body).status == 400);
    }
    CHECK(code_of(fixture.post("/api/requests/" + asked.id + "/reject", R"({"edits": {"args.body": "Hi"}})")) ==
          "invalid_edit");
    const Json approved =
        body_of(fixture.post(path, R"({"edits": {"args.body": "Hi"}, "notes": "shorter"})")).at("request");
    CHECK(approved.at("status") == "approved");
    CHECK(approved.at("edited").at("edits") == Json{{"args.body", "Hi"}});
    CHECK(approved.at("edited").at("tool_args") == Json{{"to", "ana"}, {"body", "Hi"}});
    CHECK(approved.at("tool_args").at("body") == "Dear Ana");
}
