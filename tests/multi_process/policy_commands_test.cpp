// What the commands of approvekit-review about policies print, and their exit codes.
#include "approvekit/approvekit.hpp"
#include "approvekit/json.hpp"
#include "approvekit/sqlite_storage.hpp"
#include "review_fixture.hpp"
#include "support/catch.hpp"
#include "support/child_process.hpp"
#include "support/temporary_directory.hpp"

#include <fstream>
#include <memory>
#include <string>
#include <vector>

using approvekit::Json;
using approvekit::SqliteStorage;
using approvekit::testing::run;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("1: a policy with mistakes; 0: one without; neither needs a database") {
    TemporaryDirectory directory;
    std::ofstream(directory / "bad.yaml") << "rules:\n  - tool: x\n    require_aproval: true\n";
    std::ofstream(directory / "good.yaml") << "rules:\n  - tool: x\n    require_approval: true\n";
    const auto bad = run({APPROVEKIT_REVIEW, "policy", "check", directory / "bad.yaml"});
    CHECK(bad.exit_code == 1);
    CHECK_THAT(bad.output, ContainsSubstring("bad.yaml:3:5"));
    CHECK(run({APPROVEKIT_REVIEW, "policy", "check", directory / "good.yaml"}).exit_code == 0);
    const auto json = run({APPROVEKIT_REVIEW, "--json", "policy", "check", directory / "bad.yaml"});
    CHECK(Json::parse(json.output)["usable"] == false);
    CHECK(run({APPROVEKIT_REVIEW, "policy", "check", directory / "missing.yaml"}).exit_code == 1);
}

TEST_CASE("policy explain says what becomes of a call; 2: what cannot be read") {
    TemporaryDirectory directory;
    const std::string file = (directory / "p.yaml").string();
    std::ofstream(file) << "rules:\n  - {tool: pay, auto_approve: true, when: {args.amount: {between: [0, 9]}, "
                           "context.by: {equals: ada}, agent: {equals: a}, environment: {equals: e},\n"
                           "     time: {days: [sat], zone: Etc/UTC}}}\n";
    const std::vector<std::string> given = {APPROVEKIT_REVIEW, "--json", "policy", "explain", file, "pay"};
    const auto explain = [&](const std::vector<std::string>& more) {
        std::vector<std::string> words = given;
        words.insert(words.end(), more.begin(), more.end());
        return run(words);
    };
    const std::vector<std::string> allowed = {
        R"({"amount": 5})",   "--context", R"({"by": "ada"})", "--agent", "a", "--environment", "e", "--at",
        "2026-01-31T09:05:00"};
    CHECK(Json::parse(explain(allowed).output)["action"] == "allow");
    CHECK(Json::parse(explain({R"({"amount": 5})"}).output)["action"] == "hold");
    for (const std::vector<std::string>& wrong : std::vector<std::vector<std::string>>{
             {"5"}, {"{"}, {R"({"a": 1, "a": 2})"}, {"{}", "--context", "[]"}, {"{}", "--at", "noon"}, {}}) {
        CAPTURE(wrong);
        CHECK(explain(wrong).exit_code == 2);
    }
    CHECK(run({APPROVEKIT_REVIEW, "policy", "explain", directory / "none.yaml", "pay", "{}"}).exit_code == 2);
}

TEST_CASE("policy explain judges a limit by what the record that --db names says is used now") {
    ReviewFixture fixture;
    const std::string file = (fixture.directory / "p.yaml").string();
    std::ofstream(file)
        << "rules: [{tool: pay, limit: {sum: args.amount, max: 10, per: 1h, by: context.environment}}]\n";
    const auto storage = std::make_shared<SqliteStorage>(fixture.path, shared_with_others());
    approvekit::ApproveKit::Options options;
    options.environment = "production";
    const approvekit::ApproveKit kit(approvekit::Policy::from_file(file), storage, options);
    kit.guard("pay", [](const Json&) {})(Json{{"amount", 8}});
    const auto limit = [&](const std::string& amount, const std::string& environment) {
        const auto explained = fixture.review(
            {"--json", "policy", "explain", file, "pay", "{\"amount\": " + amount + "}", "--environment", environment});
        return Json::parse(explained.output).at("limit");
    };
    CHECK(limit("2", "production").at("used") == "8");
    CHECK(limit("2", "production").at("is_beyond") == false);
    CHECK(limit("2.000001", "production").at("is_beyond") == true);
    CHECK(limit("10", "test").at("used") == "0");
    CHECK(limit("\"2\"", "test").at("is_beyond") == true);
    const std::vector<std::string> words{"policy",           "explain",       file,        "pay",
                                         R"({"amount": 3})", "--environment", "production"};
    CHECK_THAT(fixture.review(words).output,
               ContainsSubstring("8 of 10 of its limit are used, and it takes 3: beyond it"));
    std::vector<std::string> then = words;
    then.insert(then.end(), {"--at", "2026-01-31T09:05:00"});
    CHECK(fixture.review(then).exit_code == 2);
    CHECK_THAT(fixture.review(then).error_output, ContainsSubstring("leave out --at or --db"));
    then.insert(then.begin(), APPROVEKIT_REVIEW);
    CHECK_THAT(run(then).output, ContainsSubstring("cannot be judged without a record (--db)"));
}

TEST_CASE("1: a policy whose tests fail, and two that differ; 0: otherwise") {
    TemporaryDirectory directory;
    const std::string rule = "rules:\n  - {tool: x, require_approval: true}\n";
    std::ofstream(directory / "good.yaml") << rule << "tests: [{tool: x, expect: hold}]\n";
    std::ofstream(directory / "bad.yaml") << rule << "tests: [{tool: x, expect: allow}]\n";
    std::ofstream(directory / "other.yaml") << "rules:\n  - {tool: x, auto_approve: true}\n";
    const auto policy = [&](const std::string& command, const std::vector<std::string>& files) {
        std::vector<std::string> words = {APPROVEKIT_REVIEW, "--json", "policy", command};
        for (const std::string& file : files)
            words.push_back((directory / file).string());
        return run(words);
    };
    CHECK(policy("test", {"good.yaml"}).exit_code == 0);
    CHECK(policy("test", {"bad.yaml"}).exit_code == 1);
    CHECK(policy("test", {"other.yaml"}).exit_code == 1);
    CHECK(policy("diff", {"good.yaml", "bad.yaml"}).exit_code == 0);
    const auto differs = policy("diff", {"good.yaml", "other.yaml"});
    CHECK(differs.exit_code == 1);
    CHECK(Json::parse(differs.output)["changes"].size() == 2);
    CHECK(policy("diff", {"good.yaml", "none.yaml"}).exit_code == 2);
}

TEST_CASE("2: a policy with mistakes, for every command that needs one without") {
    ReviewFixture fixture;
    const std::string bad = (fixture.directory / "bad.yaml").string();
    const std::string team = (fixture.directory / "team.yaml").string();
    std::ofstream(bad) << "rules:\n  - tool: x\n    require_aproval: true\n";
    REQUIRE(fixture.review({"invite", "ann", "--reviewers", team}).exit_code == 0);
    for (const std::vector<std::string>& words :
         std::vector<std::vector<std::string>>{{"policy", "explain", bad, "x", "{}"},
                                               {"policy", "diff", bad, bad},
                                               {"policy", "replay", bad},
                                               {"audit", "verify", "--policy", bad},
                                               {"reviewers", "list", "--reviewers", team, "--policy", bad}}) {
        CAPTURE(words);
        const auto refused = fixture.review(words);
        CHECK(refused.exit_code == 2);
        CHECK_THAT(refused.error_output, ContainsSubstring("bad.yaml:3:5"));
    }
}
