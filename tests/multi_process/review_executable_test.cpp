#include "approvekit/error.hpp"
#include "approvekit/json.hpp"
#include "approvekit/sqlite_storage.hpp"
#include "catch.hpp"
#include "child_process.hpp"
#include "forked_child.hpp"
#include "held_request.hpp"
#include "temporary_directory.hpp"

#include <SQLiteCpp/Database.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

using approvekit::ApprovalRequest;
using approvekit::ApprovalStatus;
using approvekit::Json;
using approvekit::SqliteStorage;
using approvekit::testing::ChildProcess;
using approvekit::testing::FinishedProcess;
using approvekit::testing::run;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

namespace {

/// An agent's database, the agent being this test, and approvekit-review beside it.
class Office {
public:
    ApprovalRequest submit(const std::string& tool = "send_email",
                           std::chrono::seconds timeout = std::chrono::seconds(60)) {
        ApprovalRequest request = held_request(approvekit::SystemClock(), timeout);
        request.tool_name = tool;
        request.view_digest = approvekit::view_digest(request);
        storage->submit(request);
        return request;
    }

    [[nodiscard]] std::vector<std::string> command(const std::vector<std::string>& words) const {
        std::vector<std::string> command{APPROVEKIT_REVIEW, "--db", path.string()};
        command.insert(command.end(), words.begin(), words.end());
        return command;
    }

    [[nodiscard]] FinishedProcess review(const std::vector<std::string>& words, const std::string& input = {}) const {
        return run(command(words), input, {.environment = utf8, .terminal = false});
    }

    [[nodiscard]] ApprovalRequest find(const ApprovalRequest& request) const { return *storage->find(request.id); }

    static inline const std::vector<std::string> utf8{"LC_ALL=C.UTF-8", "NO_COLOR", "COLUMNS", "TERM=xterm"};

    TemporaryDirectory directory;
    std::filesystem::path path = directory / "agent.db";
    std::unique_ptr<SqliteStorage> storage = std::make_unique<SqliteStorage>(path);
};

ChildProcess::Options in_terminal(std::vector<std::string> environment = Office::utf8) {
    return {.environment = std::move(environment), .terminal = true};
}

}  // namespace

TEST_CASE("0: a decision that was taken, which names its reviewer and the way (G9)") {
    Office office;
    const ApprovalRequest request = office.submit();
    const auto finished =
        office.review({"--reviewer", "ann", "approve", request.id.substr(0, 8), "--notes", "as agreed"});
    CHECK(finished.exit_code == 0);
    CHECK_THAT(finished.output, StartsWith("Approved " + request.id.substr(0, 8)));
    CHECK(finished.error_output.empty());
    const auto decision = office.storage->find_decision(request.id);
    REQUIRE(decision.has_value());
    CHECK(decision->reviewer == "ann");
    CHECK(decision->way == "terminal");
    CHECK(decision->notes == "as agreed");
}

TEST_CASE("0 and the database named behind the command") {
    Office office;
    const ApprovalRequest request = office.submit();
    CHECK(run({APPROVEKIT_REVIEW, "reject", request.id, "--db", office.path.string()}).exit_code == 0);
    CHECK(office.find(request).status == ApprovalStatus::rejected);
}

TEST_CASE("2: a command line that cannot be understood decides nothing") {
    Office office;
    const ApprovalRequest request = office.submit();
    for (const std::vector<std::string>& words :
         std::vector<std::vector<std::string>>{{"aprove", request.id},
                                               {"approve"},
                                               {"approve", request.id, "--note", "x"},
                                               {"approve", request.id, request.id},
                                               {"list", "--status", "open"},
                                               {"list", "--limit", "0"},
                                               {"list", "--cursor", "nonsense"},
                                               {"audit", "export", "--format", "xml"},
                                               {"policy"},
                                               {"--reviewer", "a\nb", "approve", request.id},
                                               {"--reviewer", "", "approve", request.id},
                                               {"approve", request.id, "--notes", "\xff"}}) {
        CAPTURE(words);
        const auto finished = office.review(words);
        CHECK(finished.exit_code == 2);
        CHECK_THAT(finished.error_output, StartsWith("approvekit-review: "));
        CHECK(finished.output.empty());
    }
    CHECK(office.find(request).status == ApprovalStatus::pending);
    CHECK(office.review({"--json"}).exit_code == 2);
    CHECK_THAT(run({APPROVEKIT_REVIEW, "list"}).error_output, ContainsSubstring("--db FILE"));
}

TEST_CASE("3: an id that is unknown, empty or fits several requests (H18)") {
    Office office;
    ApprovalRequest first = held_request(approvekit::SystemClock());
    ApprovalRequest second = first;
    first.id = "aaaaaaaa-0000-4000-8000-000000000001";
    second.id = "aaaaaaaa-0000-4000-8000-000000000002";
    for (ApprovalRequest* const request : {&first, &second}) {
        request->view_digest = approvekit::view_digest(*request);
        office.storage->submit(*request);
    }
    CHECK(office.review({"approve", "aaaaaaaa"}).exit_code == 3);
    CHECK(office.review({"approve", ""}).exit_code == 3);
    CHECK(office.review({"approve", "bbbbbbbb"}).exit_code == 3);
    CHECK(office.review({"show", "bbbbbbbb"}).exit_code == 3);
    CHECK(office.review({"audit", "--request", "bbbbbbbb"}).exit_code == 3);
    CHECK(office.find(first).status == ApprovalStatus::pending);
    CHECK(office.find(second).status == ApprovalStatus::pending);
    CHECK(office.review({"approve", first.id}).exit_code == 0);
}

TEST_CASE("4: a request that somebody else decided, who is named") {
    Office office;
    const ApprovalRequest request = office.submit();
    CHECK(office.review({"--reviewer", "eve", "reject", request.id}).exit_code == 0);
    const auto finished = office.review({"approve", request.id});
    CHECK(finished.exit_code == 4);
    CHECK_THAT(finished.error_output, ContainsSubstring("eve"));
    CHECK(office.find(request).status == ApprovalStatus::rejected);
}

TEST_CASE("5: a request whose agent was killed (H22)") {
    Office office;
    const ApprovalRequest request = held_request(approvekit::SystemClock());
    ForkedChild agent([&](const ForkedChild::Report& report) {
        SqliteStorage storage(office.path);
        storage.submit(request);
        report();
        ForkedChild::linger();
    });
    agent.kill();
    agent.wait();
    const auto finished = office.review({"approve", request.id});
    CHECK(finished.exit_code == 5);
    CHECK(office.find(request).status == ApprovalStatus::timeout);
}

TEST_CASE("5: a request whose agent has left") {
    Office office;
    const ApprovalRequest request = office.submit();
    office.storage.reset();
    CHECK(office.review({"approve", request.id}).exit_code == 5);
}

TEST_CASE("5: a request whose deadline has passed") {
    Office office;
    ApprovalRequest request = held_request(approvekit::SystemClock());
    request.created_at -= std::chrono::minutes(2);
    request.deadline = request.created_at + std::chrono::minutes(1);
    request.view_digest = approvekit::view_digest(request);
    office.storage->submit(request);
    CHECK(office.review({"approve", request.id}).exit_code == 5);
}

TEST_CASE("6: a database that is missing, no database, or nobody's to open") {
    Office office;
    const auto missing = run({APPROVEKIT_REVIEW, "--db", office.directory / "missing.db", "list"});
    CHECK(missing.exit_code == 6);
    CHECK(!std::filesystem::exists(office.directory / "missing.db"));

    std::ofstream(office.directory / "noise.db") << std::string(5000, 'x');
    const auto noise = run({APPROVEKIT_REVIEW, "--db", office.directory / "noise.db", "list"});
    CHECK(noise.exit_code == 6);
    CHECK_THAT(noise.error_output, ContainsSubstring("not a database"));
    CHECK(run({APPROVEKIT_REVIEW, "--db", office.directory / "noise.db"}).exit_code == 6);

    SQLite::Database(office.directory / "other.db", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE)
        .exec("CREATE TABLE customers (name)");
    CHECK(run({APPROVEKIT_REVIEW, "--db", office.directory / "other.db", "list"}).exit_code == 6);
}

TEST_CASE("6: output that cannot be written") {
    Office office;
    CHECK(run({"sh", "-c", "exec \"$0\" --db \"$1\" list > /dev/full", APPROVEKIT_REVIEW, office.path.string()})
              .exit_code == 6);
}

TEST_CASE("7: a request that is not the one that was seen") {
    Office office;
    const ApprovalRequest request = office.submit();
    CHECK(office.review({"approve", request.id, "--seen", std::string(64, '0')}).exit_code == 7);
    CHECK(office.find(request).status == ApprovalStatus::pending);
    const Json shown = Json::parse(office.review({"--json", "show", request.id}).output);
    CHECK(office.review({"approve", request.id, "--seen", shown["request"]["view_digest"]}).exit_code == 0);
}

TEST_CASE("Every single command has a JSON form, and so have the errors") {
    Office office;
    const ApprovalRequest request = office.submit();
    CHECK(Json::parse(office.review({"list", "--json"}).output)["requests"][0]["id"] == request.id);
    CHECK(Json::parse(office.review({"show", request.id, "--json"}).output)["request"]["tool_name"] == "send_email");
    CHECK(Json::parse(office.review({"approve", request.id, "--json"}).output)["request"]["status"] == "approved");
    CHECK(Json::parse(office.review({"audit", "--json"}).output)["audit"][0]["decision"] == "approved");
    CHECK(Json::parse(office.review({"audit", "verify", "--json"}).output)["intact"] == true);
    CHECK(Json::parse(office.review({"audit", "export", "--json"}).output)["request_id"] == request.id);
    const auto late = office.review({"reject", request.id, "--json"});
    CHECK(late.output.empty());
    CHECK(Json::parse(late.error_output)["code"] == "already_decided");
    CHECK(Json::parse(office.review({"--json", "bogus"}).error_output)["code"] == "usage");
}

TEST_CASE("Lists are paged and chosen by status") {
    Office office;
    const ApprovalRequest first = office.submit("first");
    const ApprovalRequest second = office.submit("second");
    const Json page = Json::parse(office.review({"list", "--json", "--limit", "1"}).output);
    CHECK(page["requests"][0]["id"] == first.id);
    const Json rest = Json::parse(office.review({"list", "--json", "--cursor", page["next"]}).output);
    CHECK(rest["requests"][0]["id"] == second.id);
    CHECK(rest["next"].is_null());
    CHECK(office.review({"reject", first.id}).exit_code == 0);
    CHECK(Json::parse(office.review({"list", "--json", "--status", "rejected"}).output)["requests"].size() == 1);
    CHECK(Json::parse(office.review({"list", "--json", "--status", "all"}).output)["requests"].size() == 2);
    CHECK(Json::parse(office.review({"audit", "--json", "--request", second.id.substr(0, 8)}).output)["audit"].empty());
}

TEST_CASE("1: a record that was changed, named by its first bad entry") {
    Office office;
    CHECK(office.review({"approve", office.submit().id}).exit_code == 0);
    CHECK(office.review({"audit", "verify"}).exit_code == 0);
    SQLite::Database(office.path.string(), SQLite::OPEN_READWRITE, 5000)
        .exec("UPDATE audit_log SET reviewer_notes = 'somebody else'");
    const auto finished = office.review({"audit", "verify"});
    CHECK(finished.exit_code == 1);
    CHECK_THAT(finished.output, StartsWith("The record was changed: entry "));
}

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

TEST_CASE("The prompt creates a missing database and says so") {
    TemporaryDirectory directory;
    const auto finished = run({APPROVEKIT_REVIEW, "--db", directory / "new.db"});
    CHECK(finished.exit_code == 0);
    CHECK_THAT(finished.output, StartsWith("Created ") && ContainsSubstring("approvekit> "));
    CHECK(std::filesystem::exists(directory / "new.db"));
    CHECK_THAT(run({APPROVEKIT_REVIEW, "--db", directory / "new.db"}).output, !ContainsSubstring("Created"));
}

TEST_CASE("The prompt leaves no database behind when it is told a name that nobody can decide under") {
    TemporaryDirectory directory;
    CHECK(run({APPROVEKIT_REVIEW, "--db", directory / "new.db", "--reviewer", ""}).exit_code == 2);
    CHECK_FALSE(std::filesystem::exists(directory / "new.db"));
}

TEST_CASE("H19 no terminal, the end of input and Ctrl+C leave the prompt without deciding") {
    Office office;
    const ApprovalRequest request = office.submit();
    const std::string half_typed = "approve " + request.id;

    const auto no_terminal = office.review({}, half_typed);
    CHECK(no_terminal.exit_code == 0);

    ChildProcess end_of_input(office.command({}), in_terminal());
    end_of_input.wait_for_output("approvekit> ");
    end_of_input.write(half_typed + "\x04\x04");
    CHECK(end_of_input.wait() == 0);

    ChildProcess interrupted(office.command({}), in_terminal());
    interrupted.wait_for_output("approvekit> ");
    interrupted.write(half_typed + "\x03");
    CHECK(interrupted.wait() == 0);

    CHECK(office.find(request).status == ApprovalStatus::pending);
}

TEST_CASE("SIGTERM and SIGINT end a prompt that waits and a watch that has nothing to tell") {
    Office office;
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
        ChildProcess prompt(office.command({}));
        prompt.wait_for_output("approvekit> ");
        prompt.send_signal(signal);
        CHECK(prompt.wait() == 0);
        CHECK(prompt.error_output().empty());
    }
    ChildProcess watch(office.command({"watch"}), {.environment = Office::utf8, .terminal = false});
    office.submit("noticed");
    watch.wait_for_output("noticed");
    watch.send_signal(SIGINT);
    CHECK(watch.wait() == 0);
}

TEST_CASE("A watch tells each request as it appears and as it ends, a JSON line each") {
    Office office;
    const ApprovalRequest request = office.submit();
    ChildProcess watch(office.command({"watch", "--json"}));
    watch.wait_for_output("\n");
    CHECK(office.review({"reject", request.id}).exit_code == 0);
    watch.wait_for_output("rejected");
    watch.wait_for_output("\n", watch.output().find("rejected"));
    std::istringstream lines(watch.output());
    std::string first;
    std::string second;
    std::getline(lines, first);
    std::getline(lines, second);
    CHECK(Json::parse(first)["event"] == "appeared");
    CHECK(Json::parse(second)["event"] == "ended");
    CHECK(Json::parse(second)["request"]["status"] == "rejected");
}

TEST_CASE("A watch ends by itself when nobody reads it any more, though it has nothing to say") {
    Office office;
    ChildProcess watch(office.command({"watch"}));
    office.submit("noticed");
    watch.wait_for_output("noticed");
    watch.close_output();
    CHECK(watch.wait() == 0);
}

TEST_CASE("A person decides at the prompt of a terminal") {
    Office office;
    const ApprovalRequest request = office.submit();
    ChildProcess prompt(office.command({"--reviewer", "ann"}), in_terminal());
    prompt.wait_for_output("approvekit> ");
    prompt.write("approve " + request.id.substr(0, 8) + " go ahead\n");
    prompt.wait_for_output("Approved ");
    prompt.write("quit\n");
    CHECK(prompt.wait() == 0);
    CHECK(office.find(request).reviewer == "ann");
    CHECK(office.find(request).reviewer_notes == "go ahead");
}

TEST_CASE("Colours are shown in a terminal alone, and not where NO_COLOR is set") {
    Office office;
    office.submit();
    const std::string red = "\x1b[1;31mhigh";
    ChildProcess coloured(office.command({"list"}), in_terminal());
    CHECK(coloured.wait() == 0);
    CHECK_THAT(coloured.output(), ContainsSubstring(red));
    ChildProcess plain(office.command({"list"}), in_terminal({"LC_ALL=C.UTF-8", "NO_COLOR=1", "TERM=xterm"}));
    CHECK(plain.wait() == 0);
    CHECK_THAT(plain.output(), !ContainsSubstring("\x1b"));
    CHECK_THAT(office.review({"list"}).output, !ContainsSubstring("\x1b"));
}

TEST_CASE("H17 hostile text from the database reaches neither terminal nor machine unescaped") {
    Office office;
    ApprovalRequest request = held_request(approvekit::SystemClock());
    request.tool_name = "\x1b]0;owned\x07\u202e";
    request.tool_args = {{"\u009bkey", "\x1b[2J\u200b\u2028"}, {"accent", "\u00e9"}};
    request.view_digest = approvekit::view_digest(request);
    office.storage->submit(request);
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
        const auto finished = office.review(words);
        const std::string text = finished.output + finished.error_output;
        for (const char* const part : {"\x1b", "\x07", "\u202e", "\u009b", "\u200b", "\u2028", "\u2066"})
            CHECK(text.find(part) == std::string::npos);
    }
    const auto ascii = run(office.command({"show", request.id}), {}, {.environment = {"LC_ALL=C"}, .terminal = false});
    CHECK_THAT(ascii.output, ContainsSubstring("\"\\u00e9\""));
    CHECK_THAT(office.review({"show", request.id}).output, ContainsSubstring("\u00e9"));
}

TEST_CASE("Lines fit the window, whose width COLUMNS overrides") {
    Office office;
    ApprovalRequest request = held_request(approvekit::SystemClock());
    request.tool_args = {{"body", std::string(300, 'x')}};
    request.view_digest = approvekit::view_digest(request);
    office.storage->submit(request);
    const auto finished =
        run(office.command({"list"}), {}, {.environment = {"LC_ALL=C.UTF-8", "COLUMNS=40"}, .terminal = false});
    std::istringstream lines(finished.output);
    std::size_t longest = 0;
    for (std::string line; std::getline(lines, line);)
        longest = std::max(longest, line.size());
    CHECK(longest == 40);
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
