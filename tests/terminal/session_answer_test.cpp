// Answering a call within a session at a terminal.
#include "approvekit/line_reader.hpp"
#include "approvekit/terminal_reviewer.hpp"
#include "support/catch.hpp"
#include "support/failing_storage.hpp"
#include "support/manual_clock.hpp"

#include <deque>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

using namespace approvekit;
using approvekit::testing::FailingStorage;
using approvekit::testing::ManualClock;
using Catch::Matchers::ContainsSubstring;

namespace {

/// Lines that were written down before, and what was asked for with them.
class AnsweringLines final : public LineReader {
public:
    AnsweringLines(std::vector<std::string> lines, std::ostream& out) : lines_(lines.begin(), lines.end()), out_(out) {}

    std::optional<std::string> read(const std::string& prompt, Kind /*kind*/, LineCompanion& /*companion*/) override {
        out_ << prompt << '\n';
        if (lines_.empty()) return std::nullopt;
        std::string line = std::move(lines_.front());
        lines_.pop_front();
        return line;
    }
    void forget_typed_ahead() override {}

private:
    std::deque<std::string> lines_;
    std::ostream& out_;
};

/// A call that waits, and a session in which its reviewer types.
struct AnsweringSession {
    explicit AnsweringSession(bool takes_answer = true) {
        if (takes_answer) asked.metadata["allow_answer"] = true;
        asked.view_digest = view_digest(asked);
        storage->submit(asked);
    }

    std::string type(const std::vector<std::string>& typed) {
        std::ostringstream out;
        AnsweringLines lines(typed, out);
        TerminalReviewer::Options options;
        options.clock = clock;
        TerminalReviewer(Reviewer(storage, "ann", "terminal"), out, options).prompt(lines);
        return out.str();
    }
    [[nodiscard]] ApprovalRequest found() const { return *storage->find(asked.id); }

    std::shared_ptr<ManualClock> clock = std::make_shared<ManualClock>();
    std::shared_ptr<FailingStorage> storage = std::make_shared<FailingStorage>(clock);
    ApprovalRequest asked = storage->make("ask", {{"what", "a room"}});
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
