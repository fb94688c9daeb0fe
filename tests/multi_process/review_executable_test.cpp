#include "approvekit/json.hpp"
#include "approvekit/sqlite_storage.hpp"
#include "review_fixture.hpp"
#include "support/catch.hpp"
#include "support/child_process.hpp"
#include "support/forked_child.hpp"
#include "support/held_request.hpp"
#include "support/other_program.hpp"
#include "support/temporary_directory.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

using approvekit::ApprovalRequest;
using approvekit::ApprovalStatus;
using approvekit::Json;
using approvekit::SqliteStorage;
using approvekit::testing::run;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

TEST_CASE("0: a decision that was taken, which names its reviewer and the way (G9)") {
    ReviewFixture fixture;
    const ApprovalRequest request = fixture.submit();
    const auto finished =
        fixture.review({"--reviewer", "ann", "approve", request.id.substr(0, 8), "--notes", "as agreed"});
    CHECK(finished.exit_code == 0);
    CHECK_THAT(finished.output, StartsWith("Approved " + request.id.substr(0, 8)));
    CHECK(finished.error_output.empty());
    const auto decision = fixture.storage->find_decision(request.id);
    REQUIRE(decision.has_value());
    CHECK(decision->reviewer == "ann");
    CHECK(decision->way == "terminal");
    CHECK(decision->notes == "as agreed");
}

TEST_CASE("several ids are decided one by one, each with its result, and the first failure is the exit code") {
    ReviewFixture fixture;
    const ApprovalRequest first = fixture.submit();
    const ApprovalRequest decided = fixture.submit();
    const ApprovalRequest last = fixture.submit();
    REQUIRE(fixture.review({"reject", decided.id}).exit_code == 0);

    const auto finished = fixture.review({"approve", first.id, decided.id, "no-such-id", last.id, "--notes", "all"});
    CHECK(finished.exit_code == 4);
    CHECK_THAT(finished.output, ContainsSubstring("Approved " + first.id.substr(0, 8)));
    CHECK_THAT(finished.output, ContainsSubstring("Approved " + last.id.substr(0, 8)));
    CHECK_THAT(finished.error_output, ContainsSubstring(decided.id + ": "));
    CHECK_THAT(finished.error_output, ContainsSubstring("no-such-id: "));
    CHECK(fixture.find(first).status == ApprovalStatus::approved);
    CHECK(fixture.find(last).status == ApprovalStatus::approved);
}

TEST_CASE("G11 several ids are decided as they were seen, each with its own digest") {
    ReviewFixture fixture;
    const ApprovalRequest first = fixture.submit();
    const ApprovalRequest other = fixture.submit();
    const auto finished =
        fixture.review({"approve", first.id, other.id, "--seen", first.view_digest, "--seen", first.view_digest});
    CHECK(finished.exit_code == 7);
    CHECK(fixture.find(first).status == ApprovalStatus::approved);
    CHECK(fixture.find(other).status == ApprovalStatus::pending);
}

TEST_CASE("0 and the database named by the environment") {
    ReviewFixture fixture;
    const ApprovalRequest request = fixture.submit();
    const auto finished = run({APPROVEKIT_REVIEW, "reject", request.id}, {},
                              {.environment = {"APPROVEKIT_DB=" + fixture.path.string()}, .terminal = false});
    CHECK(finished.exit_code == 0);
    CHECK(fixture.find(request).status == ApprovalStatus::rejected);
}

TEST_CASE("a policy is checked against the database that the command line names, and against no other") {
    ReviewFixture fixture;
    fixture.submit();
    const TemporaryDirectory directory;
    const std::string policy = directory / "policy.yaml";
    std::ofstream(policy) << "rules: [{tool: send_email, require_approval: true, redact_fields: [ibna]}]\n";
    const auto check = [&](const std::vector<std::string>& words, const std::string& database) {
        std::vector<std::string> command{APPROVEKIT_REVIEW, "policy", "check", policy};
        command.insert(command.end(), words.begin(), words.end());
        return run(command, {}, {.environment = {"APPROVEKIT_DB=" + database}, .terminal = false});
    };
    const std::string other = directory / "other.db";
    std::ofstream(other) << "no database\n";
    const auto alone = check({}, other);
    CHECK(alone.exit_code == 0);
    CHECK_THAT(alone.output, !ContainsSubstring("the record has no call of this rule"));
    const auto named = check({"--db", fixture.path.string()}, other);
    CHECK(named.exit_code == 0);
    CHECK_THAT(named.output, ContainsSubstring("the record has no call of this rule"));
    CHECK_THAT(check({"--db=" + fixture.path.string()}, other).output,
               ContainsSubstring("the record has no call of this rule"));
}

TEST_CASE("0 and the database named behind the command") {
    ReviewFixture fixture;
    const ApprovalRequest request = fixture.submit();
    CHECK(run({APPROVEKIT_REVIEW, "reject", request.id, "--db", fixture.path.string()}).exit_code == 0);
    CHECK(fixture.find(request).status == ApprovalStatus::rejected);
}

TEST_CASE("2: a command line that cannot be understood decides nothing") {
    ReviewFixture fixture;
    const ApprovalRequest request = fixture.submit();
    for (const std::vector<std::string>& words :
         std::vector<std::vector<std::string>>{{"aprove", request.id},
                                               {"approve"},
                                               {"approve", request.id, "--note", "x"},
                                               {"approve", request.id, request.id, "--seen", "a"},
                                               {"list", "--status", "open"},
                                               {"list", "--limit", "0"},
                                               {"list", "--cursor", "nonsense"},
                                               {"audit", "export", "--format", "xml"},
                                               {"policy"},
                                               {"--reviewer", "a\nb", "approve", request.id},
                                               {"--reviewer", "", "approve", request.id},
                                               {"approve", request.id, "--notes", "\xff"}}) {
        CAPTURE(words);
        const auto finished = fixture.review(words);
        CHECK(finished.exit_code == 2);
        CHECK_THAT(finished.error_output, StartsWith("approvekit-review: "));
        CHECK(finished.output.empty());
    }
    CHECK(fixture.find(request).status == ApprovalStatus::pending);
    CHECK(fixture.review({"--json"}).exit_code == 2);
    CHECK_THAT(run({APPROVEKIT_REVIEW, "list"}).error_output, ContainsSubstring("--db FILE"));
}

TEST_CASE("3: an id that is unknown, empty or fits several requests (H18)") {
    ReviewFixture fixture;
    ApprovalRequest first = held_request(approvekit::SystemClock());
    ApprovalRequest second = first;
    first.id = "aaaaaaaa-0000-4000-8000-000000000001";
    second.id = "aaaaaaaa-0000-4000-8000-000000000002";
    for (ApprovalRequest* const request : {&first, &second}) {
        request->view_digest = approvekit::view_digest(*request);
        fixture.storage->submit(*request);
    }
    CHECK(fixture.review({"approve", "aaaaaaaa"}).exit_code == 3);
    CHECK(fixture.review({"approve", ""}).exit_code == 3);
    CHECK(fixture.review({"approve", "bbbbbbbb"}).exit_code == 3);
    CHECK(fixture.review({"show", "bbbbbbbb"}).exit_code == 3);
    CHECK(fixture.review({"audit", "--request", "bbbbbbbb"}).exit_code == 3);
    CHECK(fixture.find(first).status == ApprovalStatus::pending);
    CHECK(fixture.find(second).status == ApprovalStatus::pending);
    CHECK(fixture.review({"approve", first.id}).exit_code == 0);
}

TEST_CASE("4: a request that somebody else decided, who is named") {
    ReviewFixture fixture;
    const ApprovalRequest request = fixture.submit();
    CHECK(fixture.review({"--reviewer", "eve", "reject", request.id}).exit_code == 0);
    const auto finished = fixture.review({"approve", request.id});
    CHECK(finished.exit_code == 4);
    CHECK_THAT(finished.error_output, ContainsSubstring("eve"));
    CHECK(fixture.find(request).status == ApprovalStatus::rejected);
}

TEST_CASE("5: a request whose agent was killed (H22)") {
    ReviewFixture fixture;
    const ApprovalRequest request = held_request(approvekit::SystemClock());
    ForkedChild agent([&](const ForkedChild::Report& report) {
        SqliteStorage storage(fixture.path, shared_with_others());
        storage.submit(request);
        report();
        ForkedChild::linger();
    });
    agent.kill();
    agent.wait();
    const auto finished = fixture.review({"approve", request.id});
    CHECK(finished.exit_code == 5);
    CHECK(fixture.find(request).status == ApprovalStatus::timeout);
}

TEST_CASE("5: a request whose agent has left") {
    ReviewFixture fixture;
    const ApprovalRequest request = fixture.submit();
    fixture.storage.reset();
    CHECK(fixture.review({"approve", request.id}).exit_code == 5);
}

TEST_CASE("5: a request whose deadline has passed") {
    ReviewFixture fixture;
    ApprovalRequest request = held_request(approvekit::SystemClock());
    request.created_at -= std::chrono::minutes(2);
    request.deadline = request.created_at + std::chrono::minutes(1);
    request.view_digest = approvekit::view_digest(request);
    fixture.storage->submit(request);
    CHECK(fixture.review({"approve", request.id}).exit_code == 5);
}

TEST_CASE("6: a database that is missing, no database, or nobody's to open") {
    ReviewFixture fixture;
    const auto missing = run({APPROVEKIT_REVIEW, "--db", fixture.directory / "missing.db", "list"});
    CHECK(missing.exit_code == 6);
    CHECK(!std::filesystem::exists(fixture.directory / "missing.db"));

    std::ofstream(fixture.directory / "noise.db") << std::string(5000, 'x');
    const auto noise = run({APPROVEKIT_REVIEW, "--db", fixture.directory / "noise.db", "list"});
    CHECK(noise.exit_code == 6);
    CHECK_THAT(noise.error_output, ContainsSubstring("not a database"));
    CHECK(run({APPROVEKIT_REVIEW, "--db", fixture.directory / "noise.db"}).exit_code == 6);

    as_other_program(fixture.directory / "other.db", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE)
        .exec("CREATE TABLE customers (name)");
    CHECK(run({APPROVEKIT_REVIEW, "--db", fixture.directory / "other.db", "list"}).exit_code == 6);
}

TEST_CASE("6: output that cannot be written") {
    ReviewFixture fixture;
    CHECK(run({"sh", "-c", "exec \"$0\" --db \"$1\" list > /dev/full", APPROVEKIT_REVIEW, fixture.path.string()})
              .exit_code == 6);
}

TEST_CASE("7: a request that is not the one that was seen") {
    ReviewFixture fixture;
    const ApprovalRequest request = fixture.submit();
    CHECK(fixture.review({"approve", request.id, "--seen", std::string(64, '0')}).exit_code == 7);
    CHECK(fixture.find(request).status == ApprovalStatus::pending);
    const Json shown = Json::parse(fixture.review({"--json", "show", request.id}).output);
    CHECK(fixture.review({"approve", request.id, "--seen", shown["request"]["view_digest"]}).exit_code == 0);
}

TEST_CASE("Every single command has a JSON form, and so have the errors") {
    ReviewFixture fixture;
    const ApprovalRequest request = fixture.submit();
    CHECK(Json::parse(fixture.review({"list", "--json"}).output)["requests"][0]["id"] == request.id);
    CHECK(Json::parse(fixture.review({"show", request.id, "--json"}).output)["request"]["tool_name"] == "send_email");
    CHECK(Json::parse(fixture.review({"approve", request.id, "--json"}).output)["request"]["status"] == "approved");
    CHECK(Json::parse(fixture.review({"audit", "--json"}).output)["audit"][0]["decision"] == "approved");
    CHECK(Json::parse(fixture.review({"audit", "verify", "--json"}).output)["intact"] == true);
    CHECK(Json::parse(fixture.review({"audit", "export", "--json"}).output)["request_id"] == request.id);
    const auto late = fixture.review({"reject", request.id, "--json"});
    CHECK(late.output.empty());
    CHECK(Json::parse(late.error_output)["code"] == "already_decided");
    CHECK(Json::parse(fixture.review({"--json", "bogus"}).error_output)["code"] == "usage");
}

TEST_CASE("Lists are paged and chosen by status") {
    ReviewFixture fixture;
    const ApprovalRequest first = fixture.submit("first");
    const ApprovalRequest second = fixture.submit("second");
    const Json page = Json::parse(fixture.review({"list", "--json", "--limit", "1"}).output);
    CHECK(page["requests"][0]["id"] == first.id);
    const Json rest = Json::parse(fixture.review({"list", "--json", "--cursor", page["next"]}).output);
    CHECK(rest["requests"][0]["id"] == second.id);
    CHECK(rest["next"].is_null());
    CHECK(fixture.review({"reject", first.id}).exit_code == 0);
    CHECK(Json::parse(fixture.review({"list", "--json", "--status", "rejected"}).output)["requests"].size() == 1);
    CHECK(Json::parse(fixture.review({"list", "--json", "--status", "all"}).output)["requests"].size() == 2);
    CHECK(
        Json::parse(fixture.review({"audit", "--json", "--request", second.id.substr(0, 8)}).output)["audit"].empty());
}

TEST_CASE("1: a record that was changed, named by its first bad entry") {
    ReviewFixture fixture;
    CHECK(fixture.review({"approve", fixture.submit().id}).exit_code == 0);
    CHECK(fixture.review({"audit", "verify"}).exit_code == 0);
    as_other_program(fixture.path).exec("UPDATE audit_log SET reviewer_notes = 'somebody else'");
    const auto finished = fixture.review({"audit", "verify"});
    CHECK(finished.exit_code == 1);
    CHECK_THAT(finished.output, StartsWith("The record was changed: entry "));
}

TEST_CASE("H17 hostile text from the database reaches neither terminal nor machine unescaped") {
    ReviewFixture fixture;
    ApprovalRequest request = held_request(approvekit::SystemClock());
    request.tool_name = "\x1b]0;owned\x07\u202e";
    request.tool_args = {{"\u009bkey", "\x1b[2J\u200b\u2028"}, {"accent", "\u00e9"}};
    request.view_digest = approvekit::view_digest(request);
    fixture.storage->submit(request);
    for (const std::vector<std::string>& words :
         std::vector<std::vector<std::string>>{{"list"},
                                               {"show", request.id},
                                               {"list", "--json"},
                                               {"reject", request.id, "--notes", "\x1b\u2066"},
                                               {"list", "--status", "all"},
                                               {"audit"},
                                               {"audit", "--json"},
                                               {"audit", "export"},
                                               {"audit", "export", "--format", "csv"},
                                               {"approve", request.id}}) {
        CAPTURE(words);
        const auto finished = fixture.review(words);
        const std::string text = finished.output + finished.error_output;
        for (const char* const part : {"\x1b", "\x07", "\u202e", "\u009b", "\u200b", "\u2028", "\u2066"})
            CHECK(text.find(part) == std::string::npos);
    }
    const auto ascii = run(fixture.command({"show", request.id}), {}, {.environment = {"LC_ALL=C"}, .terminal = false});
    CHECK_THAT(ascii.output, ContainsSubstring("\"\\u00e9\""));
    CHECK_THAT(fixture.review({"show", request.id}).output, ContainsSubstring("\u00e9"));
}

TEST_CASE("Help has examples, and the version is told") {
    const auto help = run({APPROVEKIT_REVIEW, "--help"});
    CHECK(help.exit_code == 0);
    CHECK_THAT(help.output, ContainsSubstring("Examples:") && ContainsSubstring("Exit codes:"));
    CHECK(run({APPROVEKIT_REVIEW, "approve", "--help"}).exit_code == 0);
    const auto version = run({APPROVEKIT_REVIEW, "--version"});
    CHECK(version.exit_code == 0);
    CHECK_THAT(version.output, StartsWith("approvekit-review "));
}

TEST_CASE("H63 looking into an empty file writes nothing, and an empty record is said to be empty") {
    const TemporaryDirectory directory;
    const std::filesystem::path path = directory / "agent.db";
    const auto review = [&](std::vector<std::string> words) {
        words.insert(words.begin(), {APPROVEKIT_REVIEW, "--db", path.string()});
        return run(words);
    };
    SECTION("a file of no bytes") {
        std::ofstream(path).close();
        for (const std::vector<std::string>& words :
             std::vector<std::vector<std::string>>{{"list"}, {"audit"}, {"audit", "export"}, {"show", "3f2a"}}) {
            const auto looked = review(words);
            CHECK(looked.exit_code == 6);
            CHECK_THAT(looked.error_output, ContainsSubstring("the file is empty"));
        }
    }
    SECTION("a record in which nothing happened") {
        static_cast<void>(SqliteStorage(path));
    }
    const auto size = std::filesystem::file_size(path);
    const auto verified = review({"audit", "verify"});
    CHECK(verified.exit_code == 1);
    CHECK_THAT(verified.output, StartsWith("The record is empty: "));
    CHECK(Json::parse(review({"audit", "verify", "--json"}).output).at("empty") == true);
    CHECK(review({"audit", "verify", "--allow-empty"}).exit_code == 0);
    CHECK(std::filesystem::file_size(path) == size);
}
