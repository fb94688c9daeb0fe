// approvekit-review while it keeps running: the prompt, the watch, and what both look like in a terminal.
#include "approvekit/json.hpp"
#include "approvekit/sqlite_storage.hpp"
#include "review_fixture.hpp"
#include "support/catch.hpp"
#include "support/child_process.hpp"
#include "support/held_request.hpp"
#include "support/temporary_directory.hpp"

#include <csignal>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

using approvekit::ApprovalRequest;
using approvekit::ApprovalStatus;
using approvekit::Json;
using approvekit::testing::ChildProcess;
using approvekit::testing::run;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

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
    ReviewFixture fixture;
    const ApprovalRequest request = fixture.submit();
    const std::string half_typed = "approve " + request.id;

    const auto no_terminal = fixture.review({}, half_typed);
    CHECK(no_terminal.exit_code == 0);

    ChildProcess end_of_input(fixture.command({}), in_terminal());
    end_of_input.wait_for_output("[y,n,s,q,?] ");
    end_of_input.write(half_typed + "\x04\x04");
    CHECK(end_of_input.wait() == 0);

    ChildProcess interrupted(fixture.command({}), in_terminal());
    interrupted.wait_for_output("[y,n,s,q,?] ");
    interrupted.write(half_typed + "\x03");
    CHECK(interrupted.wait() == 0);

    CHECK(fixture.find(request).status == ApprovalStatus::pending);
}

TEST_CASE("SIGTERM and SIGINT end a prompt that waits and a watch that has nothing to tell") {
    ReviewFixture fixture;
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
        ChildProcess prompt(fixture.command({}));
        prompt.wait_for_output("approvekit> ");
        prompt.send_signal(signal);
        CHECK(prompt.wait() == 0);
        CHECK(prompt.error_output().empty());
    }
    ChildProcess watch(fixture.command({"watch"}), {.environment = ReviewFixture::utf8, .terminal = false});
    fixture.submit("noticed");
    watch.wait_for_output("noticed");
    watch.send_signal(SIGINT);
    CHECK(watch.wait() == 0);
}

TEST_CASE("What the starter of a program had it ignore, as nohup does SIGHUP, does not end it") {
    ReviewFixture fixture;
    std::string command = "trap '' HUP; exec";
    for (const std::string& word : fixture.command({"watch"}))
        command += " '" + word + "'";
    ChildProcess watch({"sh", "-c", command}, {.environment = ReviewFixture::utf8, .terminal = false});
    fixture.submit("before");
    watch.wait_for_output("before");
    watch.send_signal(SIGHUP);
    fixture.submit("after");
    watch.wait_for_output("after");
    watch.send_signal(SIGTERM);
    CHECK(watch.wait() == 0);
}

TEST_CASE("A watch tells each request as it appears and as it ends, a JSON line each") {
    ReviewFixture fixture;
    const ApprovalRequest request = fixture.submit();
    ChildProcess watch(fixture.command({"watch", "--json"}));
    watch.wait_for_output("\n");
    CHECK(fixture.review({"reject", request.id}).exit_code == 0);
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
    ReviewFixture fixture;
    ChildProcess watch(fixture.command({"watch"}));
    fixture.submit("noticed");
    watch.wait_for_output("noticed");
    watch.close_output();
    CHECK(watch.wait() == 0);
}

TEST_CASE("A person decides at the prompt of a terminal") {
    ReviewFixture fixture;
    const ApprovalRequest request = fixture.submit();
    ChildProcess prompt(fixture.command({"--reviewer", "ann"}), in_terminal());
    prompt.wait_for_output("[y,n,s,q,?] ");
    prompt.write("approve " + request.id.substr(0, 8) + " go ahead\n");
    prompt.wait_for_output("Approved ");
    prompt.write("quit\n");
    CHECK(prompt.wait() == 0);
    CHECK(fixture.find(request).reviewer == "ann");
    CHECK(fixture.find(request).reviewer_notes == "go ahead");
}

TEST_CASE("H53 the prompt of a low terminal approves what lies behind many lines only after all was shown") {
    ReviewFixture fixture;
    const ApprovalRequest request = fixture.submit_lines(40);
    ChildProcess prompt(fixture.command({"--reviewer", "ann"}),
                        in_terminal({"LC_ALL=C.UTF-8", "NO_COLOR", "COLUMNS", "TERM=dumb"}));
    const std::string approve = "approve " + request.id + "\n";
    std::size_t read = 0;
    const auto type = [&](const std::string& line, const std::string& answer) {
        read = prompt.output().size();
        prompt.write(line);
        prompt.wait_for_output(answer, read);
    };
    prompt.wait_for_output("approvekit> ");
    type(approve, "Only a part of it was shown. Approve it after: show ");
    type("show " + request.id + "\n", "more lines: more");
    type(approve, "Only a part of it was shown");
    CHECK(fixture.find(request).status == ApprovalStatus::pending);
    type("more\n", "more lines: more");
    type("more\n", "rm -rf /");
    type(approve, "Approved ");
    CHECK(fixture.find(request).reviewer == "ann");
}

TEST_CASE("Colours are shown in a terminal alone, and not where NO_COLOR is set") {
    ReviewFixture fixture;
    fixture.submit();
    const std::string red = "\x1b[1;31mhigh";
    ChildProcess coloured(fixture.command({"list"}), in_terminal());
    CHECK(coloured.wait() == 0);
    CHECK_THAT(coloured.output(), ContainsSubstring(red));
    ChildProcess plain(fixture.command({"list"}), in_terminal({"LC_ALL=C.UTF-8", "NO_COLOR=1", "TERM=xterm"}));
    CHECK(plain.wait() == 0);
    CHECK_THAT(plain.output(), !ContainsSubstring("\x1b"));
    CHECK_THAT(fixture.review({"list"}).output, !ContainsSubstring("\x1b"));
}

TEST_CASE("Lines fit the width that COLUMNS says where there is no terminal") {
    ReviewFixture fixture;
    ApprovalRequest request = held_request(approvekit::SystemClock());
    request.tool_args = {{"body", std::string(300, 'x')}};
    request.view_digest = approvekit::view_digest(request);
    fixture.storage->submit(request);
    const auto finished =
        run(fixture.command({"list"}), {}, {.environment = {"LC_ALL=C.UTF-8", "COLUMNS=40"}, .terminal = false});
    std::istringstream lines(finished.output);
    std::size_t longest = 0;
    for (std::string line; std::getline(lines, line);)
        longest = std::max(longest, line.size());
    CHECK(longest == 40);
}
