#include "approvekit/terminal_reviewer.hpp"

#include "support/catch.hpp"
#include "support/failing_storage.hpp"
#include "support/manual_clock.hpp"

#include <functional>
#include <istream>
#include <memory>
#include <sstream>
#include <streambuf>
#include <string>
#include <utility>

using approvekit::ApprovalRequest;
using approvekit::ApprovalStatus;
using approvekit::AuditFormat;
using approvekit::DecisionError;
using approvekit::ErrorCode;
using approvekit::Json;
using approvekit::Reviewer;
using approvekit::Shown;
using approvekit::TerminalReviewer;
using approvekit::testing::FailingStorage;
using approvekit::testing::ManualClock;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;
using namespace std::chrono_literals;

namespace {

constexpr const char* first_id = "aaaaaaaa-1111-4000-8000-000000000001";
constexpr const char* second_id = "aaaaaaaa-1112-4000-8000-000000000002";
constexpr const char* third_id = "cccccccc-0000-4000-8000-000000000003";

/// What a person types while somebody else acts: after the prompt has listed, and before the first line is read.
class Typing : public std::streambuf {
public:
    Typing(std::string lines, std::function<void()> act) : lines_(std::move(lines)), act_(std::move(act)) {}

private:
    int_type underflow() override {
        if (!act_) return traits_type::eof();
        std::exchange(act_, nullptr)();
        setg(lines_.data(), lines_.data(), lines_.data() + lines_.size());
        return traits_type::to_int_type(*gptr());
    }

    std::string lines_;
    std::function<void()> act_;
};

/// A reviewer at a terminal whose screen is a string.
class TerminalFixture {
public:
    explicit TerminalFixture(bool json = false, std::size_t rows = 0) {
        TerminalReviewer::Options options;
        options.rows = [rows] { return rows; };
        options.json = json;
        options.clock = clock;
        reviewer = std::make_unique<TerminalReviewer>(Reviewer(storage, "ann", "terminal"), out, options);
    }

    std::string type(const std::string& lines) {
        std::istringstream in(lines);
        return type(in);
    }

    std::string type(std::istream& in) {
        reviewer->prompt(in);
        return take();
    }

    /// The same while somebody else acts meanwhile.
    std::string type(const std::string& lines, std::function<void()> act) {
        Typing typing(lines, std::move(act));
        std::istream in(&typing);
        return type(in);
    }

    std::string take() {
        std::string text = out.str();
        out.str("");
        return text;
    }

    Json take_json() { return Json::parse(take()); }

    [[nodiscard]] ApprovalStatus status(const std::string& id) const { return storage->find(id)->status; }

    std::shared_ptr<ManualClock> clock = std::make_shared<ManualClock>();
    std::shared_ptr<FailingStorage> storage = std::make_shared<FailingStorage>(clock);
    std::ostringstream out;
    std::unique_ptr<TerminalReviewer> reviewer;
};

}  // namespace

TEST_CASE("The prompt first lists what waits, then asks") {
    TerminalFixture fixture;
    fixture.storage->add("send_email", {{"to", "ann@example.com"}}, third_id);
    const std::string screen = fixture.type("");
    CHECK_THAT(screen, StartsWith("cccccccc  send_email\n"));
    CHECK_THAT(screen, ContainsSubstring("to  \"ann@example.com\"\n\napprovekit> \n"));
}

TEST_CASE("An empty line at the prompt lists again") {
    TerminalFixture fixture;
    CHECK(fixture.type("\n") ==
          "Nothing waits for a decision.\napprovekit> Nothing waits for a decision.\napprovekit> \n");
}

TEST_CASE("G9 a decision at the prompt names its reviewer, the way and the notes") {
    TerminalFixture fixture;
    fixture.storage->add("send_email", Json::object(), third_id);
    CHECK_THAT(fixture.type("approve cccc looks  fine\nquit\n"), ContainsSubstring("Approved cccccccc send_email.\n"));
    const auto decision = fixture.storage->find_decision(third_id);
    REQUIRE(decision.has_value());
    CHECK(decision->verdict == approvekit::Verdict::approve);
    CHECK(decision->reviewer == "ann");
    CHECK(decision->way == "terminal");
    CHECK(decision->notes == "looks  fine");
}

TEST_CASE("A call can be refused at the prompt") {
    TerminalFixture fixture;
    fixture.storage->add("drop_table", Json::object(), third_id);
    CHECK_THAT(fixture.type("reject cccccccc not today\n"), ContainsSubstring("Rejected cccccccc drop_table.\n"));
    CHECK(fixture.status(third_id) == ApprovalStatus::rejected);
    CHECK(fixture.storage->find(third_id)->reviewer_notes == "not today");
}

TEST_CASE("H18 a prefix that fits several ids, an empty id and an unknown one decide nothing") {
    TerminalFixture fixture;
    fixture.storage->add("one", Json::object(), first_id);
    fixture.storage->add("two", Json::object(), second_id);
    const std::string screen = fixture.type("approve aaaaaaaa\napprove\napprove a\napprove ffffffff\nreject\n");
    CHECK_THAT(screen, ContainsSubstring("several requests start with 'aaaaaaaa'"));
    CHECK_THAT(screen, ContainsSubstring("Which one? approve <id> [notes]"));
    CHECK_THAT(screen, ContainsSubstring("no request has the id 'ffffffff'"));
    CHECK_THAT(screen, ContainsSubstring("Which one? reject <id> [notes]"));
    CHECK(fixture.status(first_id) == ApprovalStatus::pending);
    CHECK(fixture.status(second_id) == ApprovalStatus::pending);
}

TEST_CASE("Ids are shown as short as they can be told apart") {
    TerminalFixture fixture;
    fixture.storage->add("one", Json::object(), first_id);
    fixture.storage->add("two", Json::object(), second_id);
    const std::string screen = fixture.type("approve aaaaaaaa-1112\n");
    CHECK_THAT(screen, ContainsSubstring("aaaaaaaa-1111  one\n"));
    CHECK(fixture.status(second_id) == ApprovalStatus::approved);
}

TEST_CASE("Already decided and expired are told apart at the prompt, and the prompt goes on") {
    TerminalFixture fixture;
    fixture.storage->add("one", Json::object(), first_id);
    fixture.storage->add("late", Json::object(), third_id);
    fixture.reviewer->reject(first_id);
    fixture.take();
    fixture.storage->lose_agent(third_id);
    const std::string screen = fixture.type("approve " + std::string(first_id) + "\napprove cccccccc\nhelp\n");
    CHECK_THAT(screen, ContainsSubstring("already rejected by ann"));
    CHECK_THAT(screen, ContainsSubstring("ended unanswered") && ContainsSubstring("the agent that asked is gone"));
    CHECK_THAT(screen, ContainsSubstring("leave without deciding"));
}

TEST_CASE("H19 the end of input leaves without deciding, also in the middle of a line") {
    TerminalFixture fixture;
    fixture.storage->add("one", Json::object(), third_id);
    CHECK_THAT(fixture.type("approve cccccccc"), ContainsSubstring("approvekit> \n"));
    CHECK(fixture.status(third_id) == ApprovalStatus::pending);
}

TEST_CASE("H25 what was edited after the prompt had shown it is not approved") {
    TerminalFixture fixture;
    fixture.storage->add("one", Json::object(), third_id);
    std::stringbuf typed("approve cccccccc\n");
    // The list is drawn before the first line is read, so the change happens in between.
    struct Altering : std::streambuf {
        Altering(std::streambuf& from, FailingStorage& storage) : source(from), altered(storage) {}
        int_type underflow() override {
            if (!done) altered.alter(third_id);
            done = true;
            return source.sgetc();
        }
        int_type uflow() override {
            underflow();
            return source.sbumpc();
        }
        std::streambuf& source;
        FailingStorage& altered;
        bool done = false;
    } buffer(typed, *fixture.storage);
    std::istream in(&buffer);
    fixture.reviewer->prompt(in);
    CHECK_THAT(fixture.take(), ContainsSubstring("the request is not the one that was shown"));
    CHECK(fixture.status(third_id) == ApprovalStatus::pending);
}

TEST_CASE("H53 a request that the list showed in part is approved only after it was shown whole") {
    TerminalFixture fixture;
    std::string command;
    for (int i = 0; i < 40; ++i)
        command += "ls\n";
    fixture.storage->add("bash", {{"command", command + "rm -rf /"}}, third_id);
    const std::string refused = fixture.type("approve cccccccc\n");
    CHECK_THAT(refused, !ContainsSubstring("rm -rf"));
    CHECK_THAT(refused, ContainsSubstring("Only a part of it was shown. Approve it after: show cccccccc"));
    CHECK(fixture.status(third_id) == ApprovalStatus::pending);

    const std::string approved = fixture.type("show cccccccc\nlist\napprove cccccccc\n");
    CHECK_THAT(approved, ContainsSubstring("rm -rf") && ContainsSubstring("Approved cccccccc"));
    CHECK(fixture.storage->find_decision(third_id)->shown == Shown::whole);
}

TEST_CASE("H53 what was shown counts for that view alone, and what was never shown is not approved") {
    TerminalFixture fixture;
    fixture.type("");
    const auto late = [&] { fixture.storage->add("late", Json::object(), third_id); };
    CHECK_THAT(fixture.type("approve cccccccc\nshow cccccccc\n", late),
               ContainsSubstring("It was not shown yet. Approve it after: show cccccccc"));
    CHECK(fixture.status(third_id) == ApprovalStatus::pending);

    CHECK_THAT(fixture.type("approve cccccccc\n", [&] { fixture.storage->alter(third_id); }),
               ContainsSubstring("look again: show cccccccc"));
    CHECK(fixture.status(third_id) == ApprovalStatus::pending);
}

TEST_CASE("H53 a request of another program that changed after it was shown has to be shown again") {
    TerminalFixture fixture;
    ApprovalRequest foreign = fixture.storage->make("foreign", Json::object(), third_id);
    fixture.storage->write_as_another_program(foreign);
    const auto edit = [&] {
        foreign.tool_args["edited"] = true;
        fixture.storage->write_as_another_program(foreign);
    };
    const std::string screen = fixture.type("approve cccccccc\nlist\napprove cccccccc\n", edit);
    CHECK_THAT(screen, ContainsSubstring("look again: show cccccccc"));
    CHECK_THAT(screen, ContainsSubstring("Approved cccccccc"));
}

TEST_CASE("H53 a low screen shows a long request page by page, and counts it as shown at its end") {
    TerminalFixture fixture(false, 12);
    Json numbers = Json::array();
    for (int i = 0; i < 20; ++i)
        numbers.push_back(i);
    fixture.storage->add("sum", {{"numbers", numbers}}, third_id);
    const std::string half = fixture.type("show cccccccc\napprove cccccccc\n");
    CHECK_THAT(half, ContainsSubstring("more lines: more") && !ContainsSubstring("[19]"));
    CHECK_THAT(half, ContainsSubstring("Only a part of it was shown"));
    const std::string whole = fixture.type("show cccccccc\nmore\nmore\nmore\napprove cccccccc\n");
    CHECK_THAT(whole, ContainsSubstring("[19]") && ContainsSubstring("Approved cccccccc"));
}

TEST_CASE("H53 what of a list is not on a low screen yet is not approved") {
    TerminalFixture fixture(false, 14);
    fixture.storage->add("one", {{"a", 1}}, first_id);
    fixture.storage->add("two", {{"a", 1}}, second_id);
    fixture.storage->add("three", {{"a", 1}}, third_id);
    const std::string screen = fixture.type("approve cccccccc\nmore\napprove cccccccc\n");
    CHECK_THAT(screen, ContainsSubstring("more lines: more"));
    CHECK_THAT(screen, ContainsSubstring("It was not shown yet") && ContainsSubstring("Approved cccccccc three"));
}

TEST_CASE("H53 rejecting needs no look, and a single command decides what it names") {
    TerminalFixture fixture;
    fixture.storage->add("one", {{"text", std::string(9000, 'x')}}, first_id);
    fixture.storage->add("two", {{"text", std::string(9000, 'x')}}, third_id);
    CHECK_THAT(fixture.type("reject aaaaaaaa\n"), ContainsSubstring("Rejected"));
    CHECK(fixture.storage->find_decision(first_id)->shown == Shown::in_part);
    fixture.reviewer->approve(third_id);
    CHECK(fixture.storage->find_decision(third_id)->shown == Shown::by_id);
}

TEST_CASE("A storage that fails is told at the prompt, which goes on") {
    TerminalFixture fixture;
    fixture.storage->fail_with(ErrorCode::storage_busy);
    CHECK(fixture.type("audit\n") ==
          "the record cannot be reached\napprovekit> the record cannot be reached\napprovekit> \n");
}

TEST_CASE("H17 what is not a command is shown escaped") {
    CHECK_THAT(TerminalFixture().type("\x1b[2J\n"), ContainsSubstring("There is no command \"\\x1b[2J\"; help lists"));
}

TEST_CASE("More than a page is shown page by page") {
    TerminalFixture fixture;
    for (int i = 0; i < 45; ++i)
        fixture.storage->add("tool_" + std::to_string(i));
    const std::string screen = fixture.type("more\nmore\nmore\n");
    CHECK_THAT(screen,
               ContainsSubstring("tool_19\n") && ContainsSubstring("tool_20\n") && ContainsSubstring("tool_44\n"));
    CHECK_THAT(screen, ContainsSubstring("There is nothing more"));
}

TEST_CASE("The audit is shown newest first, with notes below") {
    TerminalFixture fixture;
    fixture.storage->add("one", Json::object(), first_id);
    fixture.storage->add("two", Json::object(), third_id);
    fixture.reviewer->approve(first_id);
    fixture.reviewer->reject(third_id, {.notes = "never\x1b"});
    fixture.take();
    fixture.reviewer->audit();
    CHECK(fixture.take() ==
          "2024-10-04 00:00:00Z  cccccccc  rejected   two  by ann (terminal)\n"
          "    \"never\\x1b\"\n"
          "2024-10-04 00:00:00Z  aaaaaaaa  approved   one  by ann (terminal)\n");
}

TEST_CASE("Lists for machines are one document with the page and where the next begins") {
    TerminalFixture fixture(true);
    fixture.storage->add("one", {{"text", "\u009b\u202e\x7f"}}, first_id);
    fixture.storage->add("two", Json::object(), third_id);
    fixture.reviewer->list({.status = ApprovalStatus::pending, .limit = 1, .cursor = {}});
    const std::string text = fixture.take();
    CHECK_THAT(text, ContainsSubstring("\\u009b\\u202e\\u007f"));
    const Json page = Json::parse(text);
    CHECK(page["requests"][0]["id"] == first_id);
    fixture.reviewer->list({.status = ApprovalStatus::pending, .limit = 1, .cursor = page["next"]});
    const Json last = fixture.take_json();
    CHECK(last["requests"][0]["id"] == third_id);
    CHECK(last["next"].is_null());
}

TEST_CASE("Every command has a form for machines") {
    TerminalFixture fixture(true);
    fixture.storage->add("one", Json::object(), first_id);
    fixture.storage->add("two", Json::object(), third_id);
    fixture.reviewer->show(first_id);
    CHECK(fixture.take_json()["request"]["tool_name"] == "one");
    fixture.reviewer->approve(first_id, {.notes = "yes"});
    CHECK(fixture.take_json()["request"]["status"] == "approved");
    fixture.reviewer->reject(third_id);
    CHECK(fixture.take_json()["request"]["status"] == "rejected");
    fixture.reviewer->audit();
    CHECK(fixture.take_json()["audit"].size() == 2);
    CHECK(fixture.reviewer->verify_audit());
    CHECK(fixture.take_json()["intact"] == true);
}

TEST_CASE("The single commands throw what the reviewer throws") {
    TerminalFixture fixture;
    fixture.storage->add("one", Json::object(), first_id);
    CHECK_THROWS_AS(fixture.reviewer->show("ffffffff"), DecisionError);
    CHECK_THROWS_AS(fixture.reviewer->approve(first_id, {.seen = "another view"}), DecisionError);
    CHECK(fixture.status(first_id) == ApprovalStatus::pending);
}

TEST_CASE("The whole record is exported oldest first, however many pages it has") {
    TerminalFixture fixture;
    for (int i = 0; i < 1200; ++i)
        fixture.reviewer->approve(fixture.storage->add("tool").id);
    fixture.take();
    fixture.reviewer->export_audit(AuditFormat::jsonl);
    std::istringstream lines(fixture.take());
    std::int64_t expected = 1;
    for (std::string line; std::getline(lines, line); ++expected) {
        if (Json::parse(line)["sequence"] != expected) FAIL(line);
    }
    CHECK(expected == 1201);
    fixture.reviewer->export_audit(AuditFormat::csv);
    CHECK_THAT(fixture.take(), StartsWith("\"sequence\",") && ContainsSubstring("\r\n\"1200\","));
}
