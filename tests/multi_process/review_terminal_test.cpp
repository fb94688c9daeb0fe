// approvekit-review at a terminal with line editing: what is typed there, and what happens meanwhile.
#include "review_fixture.hpp"
#include "support/catch.hpp"
#include "support/child_process.hpp"
#include "support/eventually.hpp"

#include <sys/types.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>

using approvekit::ApprovalRequest;
using approvekit::ApprovalStatus;
using approvekit::testing::ChildProcess;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::EndsWith;

namespace {

const std::string up = "\x1b[A";

/// A person at the terminal.
class Person {
public:
    explicit Person(const ReviewFixture& fixture, const std::vector<std::string>& environment = ReviewFixture::utf8,
                    unsigned short columns = 80)
        : process_(fixture.command({"--reviewer", "ann"}), in_terminal(environment, 24, columns)) {}

    /// Types, and waits until the screen then shows `answer`.
    void type(const std::string& keys, const std::string& answer) {
        const std::size_t read = process_.output().size();
        process_.write(keys);
        process_.wait_for_output(answer, read);
    }

    void sees(const std::string& text, std::size_t from = 0) { process_.wait_for_output(text, from); }

    [[nodiscard]] ChildProcess& process() noexcept { return process_; }
    [[nodiscard]] const std::string& screen() const { return process_.output(); }

private:
    ChildProcess process_;
};

std::string short_id(const ApprovalRequest& request) {
    return request.id.substr(0, 8);
}

/// Also true if its parent has not collected its exit status yet.
bool has_ended(pid_t process) {
    std::ifstream file("/proc/" + std::to_string(process) + "/stat");
    std::string words;
    return !std::getline(file, words) || words.find(") Z ") != std::string::npos;
}

}  // namespace

TEST_CASE("A person at a terminal answers one request after the other by a letter and a note") {
    ReviewFixture fixture;
    const ApprovalRequest first = fixture.submit("first", std::chrono::seconds(300));
    const ApprovalRequest second = fixture.submit("second", std::chrono::seconds(600));
    Person person(fixture);
    person.sees(short_id(first) + " [y,n,s,q,?] ");
    CHECK_THAT(person.screen(), ContainsSubstring("2 wait for a decision.") && !ContainsSubstring("second"));
    person.type("y\n", "Note for the agent");
    person.type("as agreed\n", short_id(second) + " [y,n,s,q,?] ");
    person.type("n not today\n", "approvekit> ");
    person.process().write("q\n");
    CHECK(person.process().wait() == 0);
    CHECK(fixture.find(first).status == ApprovalStatus::approved);
    CHECK(fixture.find(first).reviewer == "ann");
    CHECK(fixture.find(first).reviewer_notes == "as agreed");
    CHECK(fixture.find(second).status == ApprovalStatus::rejected);
    CHECK(fixture.find(second).reviewer_notes == "not today");
}

TEST_CASE("G11 at a terminal y counts only when the last line was on the screen, whoever types it before") {
    ReviewFixture fixture;
    const ApprovalRequest request = fixture.submit_lines(30);
    Person person(fixture);
    person.sees(" [Enter,n,s,q,?] ");
    person.type("y\n", "Not all of it was shown yet.");
    person.sees("rm -rf /");
    CHECK(fixture.find(request).status == ApprovalStatus::pending);
    person.sees(" [y,n,s,q,?] ");
    person.type("y\n", "Note for the agent");
    person.type("\n", "Approved ");
    CHECK(fixture.find(request).status == ApprovalStatus::approved);
}

TEST_CASE("G11 what was typed before a request was on the screen does not answer it") {
    ReviewFixture fixture;
    const ApprovalRequest first = fixture.submit("first", std::chrono::seconds(300));
    const ApprovalRequest second = fixture.submit("second", std::chrono::seconds(600));
    Person person(fixture);
    person.sees(short_id(first) + " [y,n,s,q,?] ");
    person.type("y\n\ny\n\n", short_id(second) + " [y,n,s,q,?] ");
    person.type("?\n", "this help");
    CHECK(fixture.find(first).status == ApprovalStatus::approved);
    CHECK(fixture.find(second).status == ApprovalStatus::pending);
}

TEST_CASE(
    "An arrow key brings a command back and prints nothing of itself, nor does one with Ctrl or one typed early") {
    ReviewFixture fixture;
    const ApprovalRequest request = fixture.submit();
    Person person(fixture);
    person.sees(" [y,n,s,q,?] ");
    person.type("list\n", "[y,n,s,q,?] ");
    person.type("s\n", "[y,n,s,q,?] ");
    person.type(up, "list");
    person.type("\n", "1  " + short_id(request));
    const std::string mended = "lust\x1b[D\x1b[D\x1b[D\x1b[3~i\x1b[1;5C\x1b[1;2A\x1b[B\n";
    person.type(mended + up, "1  " + short_id(request));
    person.type("\x15?\n", "this help");
    CHECK_THAT(person.screen(), !ContainsSubstring("^[") && !ContainsSubstring(";5C") && !ContainsSubstring("[A"));
}

TEST_CASE("Word of what arrives leaves a half typed line as it is") {
    ReviewFixture fixture;
    const ApprovalRequest first = fixture.submit("first");
    Person person(fixture);
    person.sees(" [y,n,s,q,?] ");
    person.type("n half a", "half a");
    const ApprovalRequest second = fixture.submit("second");
    person.sees("New: " + short_id(second));
    person.sees(" [y,n,s,q,?] n half a", person.screen().find("New: "));
    person.type(" note\n", "Rejected " + short_id(first));
    CHECK(fixture.find(first).reviewer_notes == "half a note");
    person.sees(short_id(second) + " [y,n,s,q,?] ");
}

TEST_CASE("A request that ends while it is read is told, and a letter decides nothing of what comes next") {
    ReviewFixture fixture;
    const ApprovalRequest first = fixture.submit("first", std::chrono::seconds(300));
    const ApprovalRequest second = fixture.submit("second", std::chrono::seconds(600));
    Person person(fixture);
    person.sees(short_id(first) + " [y,n,s,q,?] ");
    CHECK(fixture.review({"--reviewer", "bob", "reject", first.id}).exit_code == 0);
    person.sees("It waits no longer. Enter shows the next one.");
    CHECK_THAT(person.screen(), ContainsSubstring("by bob (terminal)"));
    person.type("y as agreed\n", "already rejected by bob");
    person.sees(short_id(second) + " [y,n,s,q,?] ");
    CHECK(fixture.find(second).status == ApprovalStatus::pending);
}

TEST_CASE("Ctrl+D at a note takes the letter back, and Ctrl+C there leaves without deciding") {
    ReviewFixture fixture;
    const ApprovalRequest request = fixture.submit();
    Person person(fixture);
    person.sees(" [y,n,s,q,?] ");
    person.type("y\n", "Note for the agent");
    person.type("half a note\x04", "Nothing was decided.");
    person.type("n\n", "Note for the agent");
    person.process().write("half a note\x03");
    CHECK(person.process().wait() == 0);
    CHECK(fixture.find(request).status == ApprovalStatus::pending);
}

TEST_CASE("However a session ends, the terminal is as before and nothing is decided") {
    ReviewFixture fixture;
    const ApprovalRequest request = fixture.submit();
    for (const char* const keys : {"\x03", "\x04", "\x1c", "q\n"}) {
        Person person(fixture);
        person.sees(" [y,n,s,q,?] ");
        CHECK_FALSE(person.process().has_cooked_terminal());
        person.process().write(keys);
        CHECK(person.process().wait() == 0);
        CHECK(person.process().has_cooked_terminal());
        CHECK_THAT(person.screen(), EndsWith("\x1b[?2004l"));
    }
    CHECK(fixture.find(request).status == ApprovalStatus::pending);
}

TEST_CASE("SIGTERM, SIGHUP, SIGQUIT and a terminal that goes away end the session without deciding") {
    ReviewFixture fixture;
    const ApprovalRequest request = fixture.submit();
    for (const int signal : {SIGTERM, SIGHUP, SIGINT, SIGQUIT}) {
        Person person(fixture);
        person.sees(" [y,n,s,q,?] ");
        person.process().send_signal(signal);
        CHECK(person.process().wait() == 0);
        CHECK(person.process().has_cooked_terminal());
    }
    Person person(fixture);
    person.sees(" [y,n,s,q,?] ");
    person.type("approve " + request.id, short_id(request));
    person.process().close_input();
    person.process().close_output();
    person.process().wait();
    CHECK(fixture.find(request).status == ApprovalStatus::pending);
}

TEST_CASE("A window that changes its size is drawn for anew, with the line that is being typed") {
    ReviewFixture fixture;
    fixture.submit();
    Person person(fixture);
    person.sees(" [y,n,s,q,?] ");
    person.type("n half a line", "half a line");
    const std::size_t read = person.screen().size();
    person.process().resize(24, 40);
    person.process().wait_for_output("[y,n,s,q,?] n half a line", read);
    person.type("\x15list\n", "...");
    person.type("\n", "[y,n,s,q,?] ");
}

TEST_CASE("A session that was stopped and goes on edits lines again") {
    ReviewFixture fixture;
    fixture.submit();
    Person person(fixture);
    person.sees(" [y,n,s,q,?] ");
    person.type("list\n", "[y,n,s,q,?] ");
    person.process().send_signal(SIGSTOP);
    person.process().cook_terminal();
    person.process().send_signal(SIGCONT);
    REQUIRE(eventually([&] { return !person.process().has_cooked_terminal(); }));
    person.type(up, "list");
    CHECK_THAT(person.screen(), !ContainsSubstring("^["));
}

TEST_CASE("Ctrl+Z gives the terminal back to the shell, and fg takes it up again with the half typed line") {
    ReviewFixture fixture;
    fixture.submit();
    std::string command;
    for (const std::string& word : fixture.command({"--reviewer", "ann"}))
        command += word + " ";
    ChildProcess shell({"sh", "-mc", command + "; echo stopped; read line; fg; echo ended; read line"}, in_terminal());
    shell.wait_for_output(" [y,n,s,q,?] ");
    shell.write("n half a");
    shell.wait_for_output("half a");
    shell.write("\x1a");
    shell.wait_for_output("stopped\r\n");
    CHECK(shell.has_cooked_terminal());
    const std::size_t read = shell.output().size();
    shell.write("\n");
    shell.wait_for_output(" [y,n,s,q,?] n half a", read);
    CHECK_FALSE(shell.has_cooked_terminal());
    shell.write("\x15q\n");
    shell.wait_for_output("ended\r\n", read);
    CHECK(shell.has_cooked_terminal());
}

TEST_CASE("A session that is stopped by Ctrl+Z and then ended leaves the terminal to the shell") {
    ReviewFixture fixture;
    fixture.submit();
    const auto file = fixture.directory / "session";
    std::string command = "echo $$ > " + file.string() + "; exec";
    for (const std::string& word : fixture.command({"--reviewer", "ann"}))
        command += " " + word;
    ChildProcess shell({"sh", "-mc", "sh -c '" + command + "'; echo stopped; read line; echo read; read line"},
                       in_terminal());
    shell.wait_for_output(" [y,n,s,q,?] ");
    shell.write("n half a");
    shell.wait_for_output("half a");
    shell.write("\x1a");
    shell.wait_for_output("stopped\r\n");
    pid_t session = 0;
    std::ifstream(file) >> session;
    REQUIRE(session > 0);
    // As the shell's own kill does with a stopped job.
    ::kill(session, SIGTERM);
    ::kill(session, SIGCONT);
    REQUIRE(eventually([&] { return has_ended(session); }));
    CHECK(shell.has_cooked_terminal());
    shell.write("\n");
    shell.wait_for_output("read\r\n");
}

TEST_CASE("G11 at a terminal that is narrower than COLUMNS says, y counts after its last row was on the screen") {
    ReviewFixture fixture;
    ApprovalRequest request = held_request(approvekit::SystemClock());
    request.tool_args = {{"command", std::string(600, 'x') + " rm -rf /"}};
    request.view_digest = approvekit::view_digest(request);
    fixture.storage->submit(request);
    Person person(fixture, {"LC_ALL=C.UTF-8", "NO_COLOR", "COLUMNS=200", "TERM=xterm"}, 20);
    person.sees(" [Enter,");
    CHECK_THAT(person.screen(), !ContainsSubstring("rm -rf /"));
    for (int page = 0; page < 10 && person.screen().find(" rm -rf /") == std::string::npos; ++page) {
        person.type("y\n", " [");
        person.sees(",n,s", person.screen().rfind(" ["));
    }
    person.sees(" [y,", person.screen().find("rm -rf /"));
    CHECK(fixture.find(request).status == ApprovalStatus::pending);
}

TEST_CASE("G11 a window that gets narrower while a request is read is laid out for again, from the start") {
    ReviewFixture fixture;
    const ApprovalRequest request = fixture.submit_lines(30);
    Person person(fixture, ReviewFixture::utf8, 100);
    person.sees(" [Enter,n,s,q,?] ");
    const std::size_t read = person.screen().size();
    person.process().resize(24, 30);
    person.type("\n", short_id(request) + "  send_email");
    person.sees(" [Enter,n,s,q,?] ", person.screen().find(short_id(request) + "  send_email", read));
    CHECK_THAT(person.screen(), !ContainsSubstring("rm -rf /") && !ContainsSubstring("[y,n"));
}

TEST_CASE("A paste of several lines is one line, and answers nothing that comes after it") {
    ReviewFixture fixture;
    const ApprovalRequest first = fixture.submit("first", std::chrono::seconds(300));
    const ApprovalRequest second = fixture.submit("second", std::chrono::seconds(600));
    Person person(fixture);
    person.sees(short_id(first) + " [y,n,s,q,?] ");
    CHECK_THAT(person.screen(), ContainsSubstring("\x1b[?2004h"));
    person.type("y\n", "Note for the agent");
    person.type("\x1b[200~the first line\r", "the first line");
    person.type("y and\tthe\x07 rest\r\x1b[201~", "and the rest");
    CHECK(fixture.find(first).status == ApprovalStatus::pending);
    person.type("\n", short_id(second) + " [y,n,s,q,?] ");
    CHECK(fixture.find(first).reviewer_notes == "the first line y and the rest ");
    CHECK(fixture.find(second).status == ApprovalStatus::pending);
    CHECK_THAT(person.screen(), !ContainsSubstring("200~") && !ContainsSubstring("201~"));
}

TEST_CASE("G11 what is typed in the moment in which a request is drawn does not answer it") {
    ReviewFixture fixture;
    fixture.submit("first", std::chrono::seconds(100));
    Person person(fixture);
    person.sees(" [y,n,s,q,?] ");
    for (int seconds = 200;; ++seconds) {
        REQUIRE(seconds < 300);
        const ApprovalRequest next = fixture.submit("next", std::chrono::seconds(seconds));
        person.type("n no\n", short_id(next) + "  next");
        person.process().send_signal(SIGSTOP);
        const bool is_stopped = eventually([&] { return person.process().is_stopped(); });
        REQUIRE(is_stopped);
        person.process().write("y by a slip\n");
        // If the process was stopped too late, the moment is over.
        const bool was_in_time = !person.process().has_said(short_id(next) + " [y,n,s,q,?] ");
        const std::size_t read = person.screen().size();
        person.process().send_signal(SIGCONT);
        if (!was_in_time) {
            person.sees("Approved " + short_id(next), read);
            fixture.submit("other", std::chrono::seconds(100));
            person.type("\n", " [y,n,s,q,?] ");
            continue;
        }
        person.sees(short_id(next) + " [y,n,s,q,?] ", read);
        person.type("?\n", "this help");
        CHECK(fixture.find(next).status == ApprovalStatus::pending);
        return;
    }
}

TEST_CASE("The arrow up does not bring back what answered another request") {
    ReviewFixture fixture;
    fixture.submit("first", std::chrono::seconds(300));
    const ApprovalRequest second = fixture.submit("second", std::chrono::seconds(600));
    Person person(fixture);
    person.sees(" [y,n,s,q,?] ");
    person.type("y as agreed\n", short_id(second) + " [y,n,s,q,?] ");
    person.type(up + "\n", "1 waits for a decision.");
    CHECK(fixture.find(second).status == ApprovalStatus::pending);
}

TEST_CASE("Tab completes commands and the ids that wait") {
    ReviewFixture fixture;
    const ApprovalRequest first = fixture.submit("first");
    const ApprovalRequest second = fixture.submit("second");
    Person person(fixture);
    person.sees(" [y,n,s,q,?] ");
    person.type("rej\t", "ect ");
    person.type("\t\t", second.id + "\r\n");
    person.sees(first.id + "\r\n");
    person.type("\x15reject " + first.id.substr(0, 8) + "\t", first.id.substr(8) + " ");
    person.type("no\n", "Rejected " + short_id(first));
    CHECK(fixture.find(first).reviewer_notes == "no");
}

TEST_CASE("Nothing of what was typed at a terminal is kept on the disk") {
    ReviewFixture fixture;
    const ApprovalRequest request = fixture.submit();
    const std::filesystem::path home = fixture.directory / "home";
    std::filesystem::create_directory(home);
    std::vector<std::string> environment = ReviewFixture::utf8;
    environment.push_back("HOME=" + home.string());
    Person person(fixture, environment);
    person.sees(" [y,n,s,q,?] ");
    person.type("reject " + request.id + " a secret\n", "Rejected ");
    person.process().write("q\n");
    CHECK(person.process().wait() == 0);
    CHECK(std::filesystem::is_empty(home));
}

TEST_CASE("A note at a terminal can have any characters, also where the locale is not installed") {
    const std::vector<std::string> not_installed{"LC_ALL", "LC_CTYPE", "LANG=xx_XX.UTF-8", "COLUMNS", "TERM=xterm"};
    for (const std::vector<std::string>& environment : {ReviewFixture::utf8, not_installed}) {
        ReviewFixture fixture;
        const ApprovalRequest request = fixture.submit();
        Person person(fixture, environment);
        person.sees(" [y,n,s,q,?] ");
        person.type("n\n", "Note for the agent");
        person.type("fürs Büro\x7f\x7fro, 日本\n", "Rejected ");
        CHECK(fixture.find(request).reviewer_notes == "fürs Büro, 日本");
    }
}
