#include "terminal/session_fixture.hpp"

#include "support/catch.hpp"

#include <algorithm>
#include <cstddef>
#include <sstream>
#include <string>

using namespace approvekit;
using namespace approvekit::testing;
using Catch::Matchers::ContainsSubstring;
using namespace std::chrono_literals;

namespace {

const std::string prompt_of_rest = "aaaaaaaa [Enter,n,s,q,?] ";

/// How many rows of a window the lines of `text` take; they must be ASCII.
std::size_t rows_of(const std::string& text, std::size_t columns) {
    std::istringstream lines(text);
    std::size_t rows = 0;
    for (std::string line; std::getline(lines, line);)
        rows += std::max<std::size_t>((line.size() + columns - 1) / columns, 1);
    return rows;
}

}  // namespace

TEST_CASE("A session shows first what ends first and weighs most, and one request at a time") {
    SessionFixture fixture;
    fixture.add(mail_id, "mail", "low");
    fixture.add(wipe_id, "wipe", "critical");
    const std::string screen = fixture.type({});
    CHECK_THAT(screen, ContainsSubstring("2 wait for a decision, 1 critical.") && ContainsSubstring("wipe") &&
                           !ContainsSubstring("mail") && ContainsSubstring("bbbbbbbb [y,n,s,q,?] "));
    fixture.add("cccccccc-1111-4000-8000-000000000003", "soon", "low", 50s);
    CHECK_THAT(fixture.type({}), ContainsSubstring("1 ends within a minute") && ContainsSubstring("cccccccc [y,n"));
}

TEST_CASE("G9 a letter in a session decides on the request that is shown, with the note that follows") {
    SessionFixture fixture;
    fixture.add(mail_id, "mail", "high");
    fixture.add(wipe_id, "wipe", "low");
    fixture.type({"y", "fine by me", "n no way"});
    const auto decision = fixture.storage->find_decision(mail_id);
    REQUIRE(decision.has_value());
    CHECK(decision->reviewer == "ann");
    CHECK(decision->notes == "fine by me");
    CHECK(decision->shown == Shown::whole);
    CHECK(fixture.status(wipe_id) == ApprovalStatus::rejected);
    CHECK(fixture.storage->find(wipe_id)->reviewer_notes == "no way");
    CHECK(fixture.lines.times_forgotten == 2);
}

TEST_CASE("A session skips, and comes back to what was skipped when all was") {
    SessionFixture fixture;
    fixture.add(mail_id, "mail", "high");
    fixture.add(wipe_id, "wipe", "low");
    const std::string screen = fixture.type({"s", "s", "q"});
    CHECK_THAT(screen, ContainsSubstring("All of them were skipped") && ContainsSubstring("bbbbbbbb [y,n,s,q,?] s"));
    CHECK(screen.ends_with("aaaaaaaa [y,n,s,q,?] q\n"));
}

TEST_CASE("A number stands for a line of the last list, and for nothing before one") {
    SessionFixture fixture;
    fixture.add(mail_id, "mail", "high");
    fixture.add(wipe_id, "wipe", "low");
    const std::string screen = fixture.type({"2", "list", "reject 2 no", "1"});
    CHECK_THAT(screen, ContainsSubstring("There is no command \"2\""));
    CHECK_THAT(screen, ContainsSubstring("1  aaaaaaaa  high") && ContainsSubstring("2  bbbbbbbb  low"));
    CHECK(fixture.status(wipe_id) == ApprovalStatus::rejected);
    CHECK(fixture.status(mail_id) == ApprovalStatus::pending);
}

TEST_CASE("H53 a line of a list is no look: approving by its number wants the request on the screen first") {
    SessionFixture fixture;
    fixture.add(mail_id, "mail", "high");
    fixture.add(wipe_id, "wipe", "low");
    CHECK_THAT(fixture.type({"list", "approve 2", "2", "approve 2"}), ContainsSubstring("It was not shown yet"));
    CHECK(fixture.status(wipe_id) == ApprovalStatus::approved);
}

TEST_CASE("H53 a session offers y when all was on the screen, and y before that shows the rest") {
    SessionFixture fixture;
    std::string command;
    for (int line = 0; line < 40; ++line)
        command += "ls\n";
    fixture.storage->add("bash", {{"command", command + "rm -rf /"}}, mail_id);
    const std::string screen = fixture.type({"y", "y", "y", "done"});
    CHECK_THAT(screen, ContainsSubstring("aaaaaaaa [Enter,n,s,q,?] y\nNot all of it was shown yet."));
    CHECK_THAT(screen, ContainsSubstring("rm -rf") && ContainsSubstring("aaaaaaaa [y,n,s,q,?] y\nNote"));
    CHECK(fixture.storage->find_decision(mail_id)->shown == Shown::whole);
}

TEST_CASE("G11 a window that gets narrower between two pages is laid out for again, from the start") {
    SessionFixture fixture;
    fixture.columns = 100;
    fixture.add_long(std::string(60, 'x') + "\n");
    fixture.lines.add("", [&] { fixture.columns = 30; });
    const std::string screen = fixture.type({});
    const std::size_t narrowed = screen.find(prompt_of_rest) + prompt_of_rest.size();
    const std::string page = screen.substr(narrowed, screen.find(prompt_of_rest, narrowed) - narrowed);
    CHECK_THAT(page, ContainsSubstring("aaaaaaaa  bash"));
    CHECK(rows_of(page, 30) <= 24);
    CHECK_THAT(screen, !ContainsSubstring("[y,n,s,q,?]"));
    CHECK_THAT(fixture.type(std::vector<std::string>(8)), ContainsSubstring("rm -rf") && ContainsSubstring("[y,n,s"));
}

TEST_CASE("G11 a page fits a window that is narrower than any line is drawn for") {
    SessionFixture fixture;
    fixture.columns = 20;
    fixture.add_long("ls -l --all /a\n");
    const std::string screen = fixture.type({""});
    const std::size_t first = screen.find(prompt_of_rest);
    REQUIRE(first < screen.size());
    CHECK(rows_of(screen.substr(0, first + prompt_of_rest.size()), 20) <= 24 + 2);
    const std::string second = screen.substr(first + prompt_of_rest.size() + 1);
    CHECK(rows_of(second, 20) <= 24);
    CHECK_THAT(fixture.type(std::vector<std::string>(8)), ContainsSubstring("rm -rf") && ContainsSubstring("[y,n,s"));
}

TEST_CASE("G11 a line that is longer than the window is not seen, so y does not count") {
    SessionFixture fixture;
    fixture.columns = 5;
    fixture.rows = 3;
    fixture.add(mail_id, "mail", "low");
    const std::string screen = fixture.type(std::vector<std::string>(12, "y"));
    CHECK_THAT(screen, ContainsSubstring("The window is too low for") && !ContainsSubstring("[y,n"));
    CHECK(fixture.status(mail_id) == ApprovalStatus::pending);
}

TEST_CASE("H25 a request that changed since a session showed it is shown again and not decided") {
    SessionFixture fixture;
    fixture.storage->add("mail", {{"to", "ann"}}, mail_id);
    fixture.lines.add("y", [&] { fixture.storage->alter(mail_id); });
    const std::string screen = fixture.type({"note"});
    CHECK_THAT(screen, ContainsSubstring("the request is not the one that was shown") && ContainsSubstring("edited"));
    CHECK(fixture.status(mail_id) == ApprovalStatus::pending);
}

TEST_CASE("A request that ended meanwhile is told, and the next one is shown") {
    SessionFixture fixture;
    fixture.add(mail_id, "mail", "high");
    fixture.add(wipe_id, "wipe", "low");
    Reviewer bob(fixture.storage, "bob", "web");
    fixture.lines.add("y fine", [&] { bob.reject(mail_id); });
    CHECK_THAT(fixture.type({}), ContainsSubstring("already rejected by bob") && ContainsSubstring("bbbbbbbb [y,n"));
    CHECK(fixture.status(wipe_id) == ApprovalStatus::pending);
}

TEST_CASE("Nothing is answered where no request is shown, and help names only letters that do something") {
    SessionFixture fixture;
    const std::string screen = fixture.type({"y", "n", "?"});
    CHECK_THAT(screen, ContainsSubstring("Nothing waits for a decision.\napprovekit> y\nNo request is shown."));
    CHECK_THAT(screen, !ContainsSubstring("let the call run\n") && ContainsSubstring("this help"));
}

TEST_CASE("A line that answers what is shown, or has a note, does not come back from the history") {
    SessionFixture fixture;
    fixture.add(mail_id, "mail", "high");
    fixture.type({"y as agreed", "n", "s", "?", "list", "approve 2", "reject aaaa no", "show aaaa", "reject aaaa"});
    CHECK(fixture.lines.remembered == std::vector<std::string>{"list", "show aaaa", "reject aaaa"});
}

TEST_CASE("A request that has ended is shown as such, and whom the letters answer is said") {
    SessionFixture fixture;
    fixture.add(mail_id, "mail", "high");
    fixture.add(wipe_id, "wipe", "low");
    Reviewer(fixture.storage, "bob", "web").reject(wipe_id);
    CHECK_THAT(
        fixture.type({"show bbbb"}),
        ContainsSubstring("It waits no longer: rejected by bob (web). The letters answer aaaaaaaa.\naaaaaaaa [y"));
}

TEST_CASE("G11 a session completes commands and ids, but no id that a terminal would obey") {
    SessionFixture fixture;
    fixture.add(mail_id, "mail", "high");
    fixture.storage->write_as_another_program(fixture.storage->make("foreign", Json::object(), "aaaa\x1b[2J"));
    fixture.type({"show a"});
    CHECK(fixture.lines.completions == std::vector<std::string>{mail_id});
    fixture.type({"a"});
    CHECK(fixture.lines.completions == std::vector<std::string>{"answer", "approve", "audit"});
}

TEST_CASE("The audit by the call says in one line what was decided and how it ended") {
    SessionFixture fixture;
    fixture.add(mail_id, "mail", "high");
    const auto digest = fixture.storage->find(mail_id)->view_digest;
    Reviewer(fixture.storage, "ann", "terminal").approve(mail_id);
    const auto entry = fixture.storage->claim({.request_id = mail_id, .view_digest = digest, .verify = {}});
    fixture.storage->finish({entry, mail_id, "mail", approvekit::RunState::failed, "no route"});
    fixture.storage->flush();
    TerminalReviewer::Options options;
    options.clock = fixture.clock;
    TerminalReviewer terminal(Reviewer(fixture.storage, "ann", "terminal"), fixture.out, options);
    terminal.calls();
    CHECK(fixture.out.str() ==
          "2024-10-04 00:00:00Z  aaaaaaaa  failed     mail  by ann (terminal)\n    \"no route\"\n");
    fixture.out.str("");
    terminal.statistics();
    CHECK_THAT(fixture.out.str(), ContainsSubstring("2024-10-04      1         1         0") &&
                                      ContainsSubstring("Of 1 approvals, 1 came within a second."));
}

TEST_CASE("G11 a letter answers the request that is shown, though its id is a number of the list") {
    SessionFixture fixture;
    fixture.add(mail_id, "mail", "high");
    fixture.add("1", "harmless", "low");
    const std::string screen = fixture.type({"s", "", "y fine"});
    CHECK_THAT(screen, ContainsSubstring("1  aaaaaaaa  high"));
    CHECK(fixture.status("1") == ApprovalStatus::approved);
    CHECK(fixture.status(mail_id) == ApprovalStatus::pending);
}
