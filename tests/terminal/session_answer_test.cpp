// Answering a call within a session at a terminal.
#include "terminal/session_fixture.hpp"

#include "support/catch.hpp"

#include <sstream>
#include <string>

using namespace approvekit;
using approvekit::testing::OneCallSession;
using Catch::Matchers::ContainsSubstring;

namespace {

/// A waiting call, whose rule may allow an answer, and a session in which its reviewer types.
struct AnsweringSession : OneCallSession {
    explicit AnsweringSession(bool takes_answer = true)
        : OneCallSession("ask", {{"what", "a room"}}, takes_answer ? Json{{"allow_answer", true}} : Json::object()) {}
};

}  // namespace

TEST_CASE("w in a session takes lines up to an empty one, and gives them to the agent") {
    AnsweringSession session;
    const std::string screen = session.type({"w", "Ask Bob.", "He knows.", ""});
    CHECK_THAT(screen, ContainsSubstring("[y,n,w,s,q,?] ") &&
                           ContainsSubstring("may be answered instead of being run") &&
                           ContainsSubstring("Answer for the agent (an empty line ends it): ") &&
                           ContainsSubstring("Answered "));
    CHECK(session.found().status == ApprovalStatus::answered);
    CHECK(session.found().answer == "Ask Bob.\nHe knows.");
}

TEST_CASE("w takes an answer on its own line, and JSON where that is asked for") {
    AnsweringSession text;
    text.type({"w Ask Bob."});
    CHECK(text.found().answer == "Ask Bob.");
    AnsweringSession json;
    const std::string screen = json.type({"w json", "{\"rooms\":", "", "w json", "{\"rooms\":", "2}", ""});
    CHECK_THAT(screen, ContainsSubstring("Answer as JSON"));
    CHECK(json.found().answer == Json{{"rooms", 2}});
    AnsweringSession command;
    command.type({"answer " + command.asked.id + " Ask Bob."});
    CHECK(command.found().answer == "Ask Bob.");
}

TEST_CASE("w without words, or where the rule allows no answer, decides nothing") {
    AnsweringSession session;
    CHECK_THAT(session.type({"w", ""}), ContainsSubstring("Nothing was answered."));
    CHECK_THAT(session.type({"w", "half of"}), ContainsSubstring("Nothing was answered."));
    CHECK(session.found().status == ApprovalStatus::pending);
    AnsweringSession silent(false);
    CHECK_THAT(silent.type({"w no"}), ContainsSubstring("[y,n,s,q,?] ") && ContainsSubstring("It takes no answer"));
    CHECK(silent.found().status == ApprovalStatus::pending);
}

TEST_CASE("G11 H184 an answer is shown escaped, wherever it is shown") {
    AnsweringSession session;
    Reviewer(session.storage, "bob", "web").answer(session.asked.id, "\x1b[2Jall \u202e fine");
    std::ostringstream out;
    TerminalReviewer::Options options;
    options.clock = session.clock;
    TerminalReviewer reviewer(Reviewer(session.storage, "ann", "terminal"), out, options);
    reviewer.show(session.asked.id);
    reviewer.audit();
    CHECK_THAT(out.str(), ContainsSubstring("\\u{1b}[2Jall") || ContainsSubstring("\\x1b[2Jall") ||
                              ContainsSubstring("\\e[2Jall"));
    CHECK(out.str().find('\x1b') == std::string::npos);
    CHECK_THAT(out.str(), !ContainsSubstring("\u202e"));
}
