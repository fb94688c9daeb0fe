// A server with three reviewers who are listed in a file: each decides under their own name, and is refused when
// removed.
#include "support/catch.hpp"
#include "support/eventually.hpp"
#include "web/several_fixture.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

using namespace approvekit;
using namespace approvekit::testing;

namespace {

constexpr std::string_view hello = "event: hello";

RawClient listening(const SeveralFixture& fixture, const std::string& browser) {
    RawClient client = fixture.web.connect();
    REQUIRE(client.ask(fixture.web.get_text("/api/events", browser)).status == 200);
    REQUIRE(client.read_until("\n\n").find(hello) != std::string::npos);
    return client;
}

/// What the stream still sends from the current position until the server ends it.
std::string rest_of(RawClient& stream) {
    std::string rest = stream.read_until("\r\n0\r\n\r\n");
    CHECK(rest.ends_with("\r\n0\r\n\r\n"));
    return rest;
}

std::string approval_address(const ApprovalRequest& request) {
    return "/api/requests/" + request.id + "/approve";
}

}  // namespace

TEST_CASE("G9 each of three reviewers decides under the own name at one server") {
    const SeveralFixture fixture;
    for (const std::string& name : three_names) {
        CAPTURE(name);
        const std::string browser = fixture.browser_of(name);
        CHECK(name_of(fixture.web, browser) == name);
        const auto asked = fixture.web.storage->add("wire");
        CHECK(fixture.decide(browser, asked, R"({"notes": "fine"})").status == 200);
        CHECK(fixture.reviewer_of(asked) == name);
        CHECK(fixture.web.storage->find(asked.id)->way == "web");
    }
    const auto entries = fixture.web.storage->audit({}).entries;
    REQUIRE(entries.size() == 3);
    CHECK(entries.at(0).reviewer == "cyd");
    CHECK(entries.at(2).reviewer == "ann");
}

TEST_CASE("G15 two of three reviewers of one server make a quorum, and the third has no vote in it") {
    const SeveralFixture fixture;
    ApprovalRequest asked = fixture.web.storage->make("pay");
    asked.metadata["quorum"] = {{"approvals", 2}, {"reviewers", {"ann", "bob"}}};
    asked.view_digest = view_digest(asked);
    fixture.web.storage->submit(asked);

    const auto third = fixture.decide(fixture.browser_of("cyd"), asked);
    CHECK(third.status == 409);
    CHECK(code_of(third) == "not_entitled");
    const std::string ann = fixture.browser_of("ann");
    CHECK(fixture.decide(ann, asked).status == 200);
    CHECK(fixture.web.status_of(asked) == ApprovalStatus::pending);
    CHECK(fixture.decide(ann, asked, R"({"notes": "once more"})").status == 409);
    CHECK(fixture.web.status_of(asked) == ApprovalStatus::pending);
    CHECK(fixture.decide(fixture.browser_of("bob"), asked).status == 200);
    CHECK(fixture.web.status_of(asked) == ApprovalStatus::approved);
    CHECK(fixture.web.storage->find(asked.id)->votes.size() == 2);
}

TEST_CASE("H189 neither a body nor a header nor a parameter says who decides") {
    const SeveralFixture fixture;
    const std::string ann = fixture.browser_of("ann");
    const auto asked = fixture.web.storage->add("wire");
    for (const std::string body : {R"({"reviewer": "bob"})", R"({"name": "bob"})", R"({"notes": "x", "as": "bob"})"})
        CHECK(fixture.decide(ann, asked, body).status == 400);
    CHECK(
        fixture.web
            .post(approval_address(asked) + "?reviewer=bob", ann + fixture.web.origin() + std::string(json_type), "{}")
            .status == 400);
    CHECK(fixture.web.status_of(asked) == ApprovalStatus::pending);
    const std::string headers =
        "X-Reviewer: bob\r\nRemote-User: bob\r\nX-Remote-User: bob\r\nReviewer: bob\r\nApproveKit-Proxy-Secret: "
        "bob\r\n";
    CHECK(name_of(fixture.web, headers).empty());
    CHECK(fixture.decide(ann + headers, asked, R"({"notes": "reviewer: bob"})").status == 200);
    CHECK(fixture.reviewer_of(asked) == "ann");
    const auto stopped = fixture.web.post("/api/stops", ann + fixture.web.origin() + std::string(json_type),
                                          R"({"reason": "bob says so"})");
    CHECK(Json::parse(stopped.body).at("stop").at("reviewer") == "ann");
}

TEST_CASE("H190 a link signs in one browser of its own reviewer, and nothing that a file has of it opens anything") {
    const SeveralFixture fixture;
    const std::string key = fixture.team.keys.at("ann");
    const std::string secret(64, 'a');
    CHECK(fixture.web.sign_in(key, secret).status == 200);
    CHECK(fixture.web.sign_in(key, secret).status == 200);
    const auto second = fixture.web.sign_in(key, std::string(64, 'b'));
    CHECK(second.status == 401);
    CHECK(code_of(second) == "link_used");
    const auto again = fixture.web.sign_in(fixture.team.keys.at("bob"), secret);
    CHECK(Json::parse(again.body).at("reviewer") == "ann");
    CHECK(name_of(fixture.web, "Authorization: Bearer " + secret + "\r\n") == "ann");
    CHECK(name_of(fixture.web, fixture.browser_of("bob")) == "bob");
    for (const std::string& guess :
         {to_hex(digest_of_link(key)), "blake2b:" + to_hex(digest_of_link(key)), key.substr(1), key + "0",
          std::string("ann"), std::string("="), to_hex(digest_of(key)), to_hex(digest_of(secret)),
          to_hex(digest_of_session(secret)), "blake2b:" + to_hex(digest_of_session(secret)),
          to_hex(digest_of_link(fixture.team.keys.at("cyd")))}) {
        CAPTURE(guess);
        CHECK(fixture.web.sign_in("=" + guess, std::string(64, 'c')).status == 401);
        CHECK(fixture.web.get("/api/requests", "Authorization: Bearer " + guess + "\r\n").status == 401);
    }
    CHECK(fixture.web.get("/api/requests", "Authorization: Bearer " + key + "\r\n").status == 401);
    CHECK(fixture.web.get("/api/requests", "Authorization: Bearer \r\n").status == 401);
}

TEST_CASE("H190 nobody makes links at a server of several reviewers but whoever writes its file") {
    SeveralFixture fixture;
    const std::string session = fixture.browser_of("ann") + fixture.web.origin() + std::string(json_type);
    CHECK(code_of(fixture.web.post("/api/link", session, "{}")) == "token_only");
    CHECK(fixture.web.post("/api/link", std::string(json_type), "{}").status == 401);
    CHECK_THROWS_AS(fixture.web.server.make_link(), Error);
    const std::string further = fixture.browser_by(fixture.team.file.invite("ann"));
    CHECK(name_of(fixture.web, further) == "ann");
}

TEST_CASE("H185 a removed reviewer is refused with the next request, and nobody else is") {
    SeveralFixture fixture;
    const std::string ann = fixture.browser_of("ann");
    const std::string bob = fixture.browser_of("bob");
    const auto asked = fixture.web.storage->add("wire");
    RawClient kept = fixture.web.connect();
    REQUIRE(kept.ask(fixture.web.get_text("/api/requests", bob)).status == 200);
    fixture.team.file.remove("bob");

    CHECK(kept.ask(fixture.web.get_text("/api/requests", bob)).status == 401);
    for (const std::string path : {"/api/session", "/api/audit", "/api/events", "/api/sessions", "/api/calls",
                                   "/api/calls/1", "/api/calls/count", "/api/calls/export", "/api/stats"})
        CHECK(fixture.web.get(path, bob).status == 401);
    CHECK(fixture.decide(bob, asked).status == 401);
    CHECK(fixture.web.status_of(asked) == ApprovalStatus::pending);
    CHECK(fixture.web.sign_in(fixture.team.keys.at("bob"), std::string(64, 'f')).status == 401);
    CHECK(fixture.decide(ann, asked).status == 200);
}

TEST_CASE("H185 the streams of a removed reviewer end and tell nothing that happens after the removal") {
    SeveralFixture fixture;
    RawClient ann = listening(fixture, fixture.browser_of("ann"));
    RawClient bob = listening(fixture, fixture.browser_of("bob"));
    fixture.team.file.remove("bob");
    const auto asked = fixture.web.storage->add("wire");
    CHECK(rest_of(bob).find(asked.id) == std::string::npos);
    CHECK(ann.read_until(asked.id).ends_with(asked.id));
}

TEST_CASE("H185 an export that was under way when its reviewer was removed is cut off") {
    SeveralFixture fixture;
    const std::string bob = fixture.browser_of("bob");
    // More than the system accepts before the client reads it.
    const std::string arguments = Json({{"text", std::string(100'000, 'x')}}).dump();
    for (int number = 0; number < 200; ++number)
        static_cast<void>(fixture.web.storage->record_intent({"read", arguments, "{}", ""}));
    const std::string end = "\r\n0\r\n\r\n";
    const std::string asked = fixture.web.get_text("/api/calls/export", bob + "Connection: close\r\n");
    const auto told_after = [&](const std::string& removed) {
        RawClient client(fixture.web.server.port(), 4096);
        REQUIRE(client.send(asked));
        REQUIRE(client.read_until("\"approved\"").find("200 OK") != std::string::npos);
        fixture.team.file.remove(removed);
        return client.read_to_end();
    };
    CHECK(told_after("cyd").ends_with(end));
    CHECK_FALSE(told_after("bob").ends_with(end));
}

TEST_CASE("H185 a decision whose head came before the removal and whose body came after it is refused") {
    SeveralFixture fixture;
    const std::string bob = fixture.browser_of("bob");
    const auto asked = fixture.web.storage->add("wire");
    RawClient client = fixture.web.connect();
    const std::string text =
        fixture.web.post_text(approval_address(asked),
                              bob + fixture.web.origin() + std::string(json_type) + "Expect: 100-continue\r\n", "{}");
    client.send(text.substr(0, text.size() - 2));
    REQUIRE(client.read_until("\r\n\r\n").find("100 Continue") != std::string::npos);
    fixture.team.file.remove("bob");
    client.send("{}");
    CHECK(client.read_answer().status == 401);
    CHECK(fixture.web.status_of(asked) == ApprovalStatus::pending);
}

TEST_CASE("H187 a name that was removed and invited again has neither its old sessions nor its old links") {
    SeveralFixture fixture;
    const std::string old = fixture.browser_of("bob");
    const std::string unused = fixture.team.file.invite("bob");
    fixture.team.file.remove("bob");
    const std::string fresh = fixture.team.file.invite("bob");
    CHECK(name_of(fixture.web, old).empty());
    CHECK(fixture.web.sign_in(unused, std::string(64, 'f')).status == 401);
    CHECK(name_of(fixture.web, fixture.browser_by(fresh)) == "bob");
    CHECK(name_of(fixture.web, old).empty());
}

TEST_CASE("H187 sessions outlive the server and used links do not come back with it") {
    TeamFile team;
    const std::string secret(64, 'a');
    const std::string browser = "Authorization: Bearer " + secret + "\r\n";
    {
        const WebFixture first(SeveralFixture::settings_for(team));
        REQUIRE(first.sign_in(team.keys.at("ann"), secret).status == 200);
    }
    const WebFixture second(SeveralFixture::settings_for(team));
    CHECK(name_of(second, browser) == "ann");
    CHECK(second.sign_in(team.keys.at("ann"), std::string(64, 'b')).status == 401);
    team.file.remove("ann");
    CHECK(name_of(second, browser).empty());
}

TEST_CASE("H187 of many browsers that show one link at once one is signed in") {
    const SeveralFixture fixture;
    std::atomic<int> let_in = 0;
    {
        std::vector<std::jthread> browsers;
        for (const char digit : std::string("abcdef")) {
            browsers.emplace_back([&, digit] {
                if (fixture.web.sign_in(fixture.team.keys.at("ann"), std::string(64, digit)).status == 200) ++let_in;
            });
        }
    }
    CHECK(let_in == 1);
    CHECK(fixture.team.file.read().at(0).sessions.size() == 1);
}

TEST_CASE("a browser that shows its link several times at once is signed in by each, once") {
    const SeveralFixture fixture;
    std::atomic<int> let_in = 0;
    for (const std::string& name : three_names) {
        std::vector<std::jthread> questions;
        for (int number = 0; number < 6; ++number) {
            questions.emplace_back([&] {
                if (fixture.web.sign_in(fixture.team.keys.at(name), std::string(64, name[0])).status == 200) ++let_in;
            });
        }
    }
    CHECK(let_in == 18);
    for (const InvitedReviewer& one : fixture.team.file.read())
        CHECK(one.sessions.size() == 1);
}

TEST_CASE(
    "H186 while the file cannot be read or trusted nobody is let in, and what counted before counts again after") {
    SeveralFixture fixture;
    const std::string ann = fixture.browser_of("ann");
    const auto asked = fixture.web.storage->add("wire");
    const auto aside = fixture.team.directory / "aside";
    const auto mended = [&] { std::filesystem::copy_file(aside, fixture.team.path); };
    std::filesystem::copy_file(fixture.team.path, aside);
    const auto& path = fixture.team.path;
    const std::vector<std::function<void()>> troubles = {
        [] {},
        [&] { std::ofstream(path).flush(); },
        [&] { std::ofstream(path) << "reviewers: [\n"; },
        [&] { std::ofstream(path) << "reviewers:\n  - name: ann\n  - name: ANN\n"; },
        [&] { std::ofstream(path) << std::string(1'100'000, '#'); },
        [&] { std::filesystem::create_symlink(aside, path); },
        [&] { std::filesystem::create_directory(path); },
        [&] {
            mended();
            REQUIRE(::chmod(path.c_str(), 0622) == 0);
        },
    };
    for (const auto& make_trouble : troubles) {
        RawClient stream = listening(fixture, ann);
        std::filesystem::remove(path);
        make_trouble();
        const auto refused = fixture.web.get("/api/requests", ann);
        CHECK(refused.status == 503);
        CHECK(code_of(refused) == "reviewers_unavailable");
        CHECK(fixture.decide(ann, asked).status == 503);
        CHECK(fixture.web.sign_in(fixture.team.keys.at("bob"), std::string(64, 'f')).status == 503);
        CHECK(code_of(fixture.web.get("/api/health", "")) == "reviewers_unavailable");
        CHECK(fixture.web.get("/", "").status == 200);
        rest_of(stream);
        std::filesystem::remove_all(path);
        mended();
        REQUIRE(::chmod(path.c_str(), 0600) == 0);
        CHECK(name_of(fixture.web, ann) == "ann");
        CHECK(fixture.web.get("/api/health", "").status == 200);
    }
    CHECK(fixture.web.status_of(asked) == ApprovalStatus::pending);
}

TEST_CASE("H186 while the file cannot be written nobody new is signed in, and whoever is stays so") {
    SeveralFixture fixture;
    const std::string ann = fixture.browser_of("ann");
    const int folder = ::open(fixture.team.directory.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    REQUIRE(::flock(folder, LOCK_EX) == 0);
    const auto refused = fixture.web.sign_in(fixture.team.keys.at("bob"), std::string(64, 'b'));
    CHECK(code_of(refused) == "reviewers_unavailable");
    CHECK(name_of(fixture.web, ann) == "ann");
    ::close(folder);
    CHECK(fixture.web.sign_in(fixture.team.keys.at("bob"), std::string(64, 'b')).status == 200);
}

TEST_CASE("H186 a server of several reviewers does not start with a file that cannot be read or trusted") {
    TeamFile team;
    const auto settings = SeveralFixture::settings_for(team);
    std::filesystem::remove(team.path);
    CHECK_THROWS_AS(WebFixture(settings), Error);
    std::ofstream(team.path) << "reviewers: [\n";
    CHECK_THROWS_AS(WebFixture(settings), Error);
}

TEST_CASE("H186 a change that leaves size and times of the file as they were is seen") {
    SeveralFixture fixture;
    const std::string ann = fixture.browser_of("ann");
    CHECK(name_of(fixture.web, ann) == "ann");
    const auto time = std::filesystem::last_write_time(fixture.team.path);
    std::fstream text(fixture.team.path);
    const std::string all{std::istreambuf_iterator<char>(text), {}};
    text.seekp(static_cast<std::streamoff>(all.find("\"ann\"")));
    text << "\"amy\"" << std::flush;
    std::filesystem::last_write_time(fixture.team.path, time);
    CHECK(name_of(fixture.web, ann) == "amy");
}

TEST_CASE("H191 a reviewer sees and ends the own sessions, and nobody else's") {
    SeveralFixture fixture;
    const std::string ann = fixture.browser_of("ann");
    const std::string other = fixture.browser_by(fixture.team.file.invite("ann"));
    const std::string bob = fixture.browser_of("bob");
    const auto sessions_of = [&](const std::string& browser) {
        return Json::parse(fixture.web.get("/api/sessions", browser).body).at("sessions");
    };
    const auto end = [&](const std::string& browser, const Json& session) {
        return fixture.web.post("/api/sessions/" + session.at("id").get<std::string>() + "/end",
                                browser + fixture.web.origin() + std::string(json_type), "{}");
    };
    const Json of_ann = sessions_of(ann);
    REQUIRE(of_ann.size() == 2);
    CHECK(of_ann.at(0).at("current") == true);
    CHECK(of_ann.at(1).at("current") == false);
    CHECK(sessions_of(bob).size() == 1);
    CHECK(end(bob, of_ann.at(0)).status == 404);
    CHECK(name_of(fixture.web, ann) == "ann");

    RawClient stream = listening(fixture, other);
    CHECK(end(ann, of_ann.at(1)).status == 200);
    rest_of(stream);
    CHECK(name_of(fixture.web, other).empty());
    CHECK(end(ann, of_ann.at(1)).status == 404);
    CHECK(end(ann, of_ann.at(0)).status == 200);
    CHECK(name_of(fixture.web, ann).empty());
    CHECK(name_of(fixture.web, bob) == "bob");
}

TEST_CASE("H191 the link that began a session does not bring it back when it was ended, not within its minute either") {
    const SeveralFixture fixture;
    const std::string secret(64, 'a');
    const std::string browser = "Authorization: Bearer " + secret + "\r\n";
    REQUIRE(fixture.web.sign_in(fixture.team.keys.at("ann"), secret).status == 200);
    const Json sessions = Json::parse(fixture.web.get("/api/sessions", browser).body).at("sessions");
    const std::string id = sessions.at(0).at("id").get<std::string>();
    const std::string headers = browser + fixture.web.origin() + std::string(json_type);
    REQUIRE(fixture.web.post("/api/sessions/" + id + "/end", headers, "{}").status == 200);
    CHECK(code_of(fixture.web.sign_in(fixture.team.keys.at("ann"), secret)) == "link_used");
    CHECK(name_of(fixture.web, browser).empty());
}

TEST_CASE("H195 one of several reviewers who opens every stream leaves half of them to the others") {
    const SeveralFixture fixture;
    const std::string ann = fixture.browser_of("ann");
    std::vector<RawClient> streams;
    for (std::size_t count = 0; count < fixture.web.settings.maximum_streams / 2; ++count)
        streams.push_back(listening(fixture, ann));
    CHECK(code_of(fixture.web.get("/api/events", ann)) == "too_many_streams");
    RawClient bob = listening(fixture, fixture.browser_of("bob"));
    const auto asked = fixture.web.storage->add("wire");
    CHECK(bob.read_until(asked.id).ends_with(asked.id));
}
