#include "approvekit/terminal_reviewer.hpp"

#include "support/catch.hpp"
#include "support/fake_storage.hpp"
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
using approvekit::testing::FakeStorage;
using approvekit::testing::ManualClock;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;
using namespace std::chrono_literals;

namespace {

constexpr const char* first_id = "aaaaaaaa-1111-4000-8000-000000000001";
constexpr const char* second_id = "aaaaaaaa-1112-4000-8000-000000000002";
constexpr const char* third_id = "cccccccc-0000-4000-8000-000000000003";

/// What a person types while somebody else does something: after the prompt has listed, before the first line.
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

/// A reviewer at a terminal, whose screen is a string.
class Desk {
public:
    explicit Desk(bool json = false, std::size_t rows = 0) {
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

    /// The same while somebody else acts in the meantime.
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
    std::shared_ptr<FakeStorage> storage = std::make_shared<FakeStorage>(clock);
    std::ostringstream out;
    std::unique_ptr<TerminalReviewer> reviewer;
};

}  // namespace

TEST_CASE("The prompt first lists what waits, then asks") {
    Desk desk;
    desk.storage->add("send_email", {{"to", "ann@example.com"}}, third_id);
    const std::string screen = desk.type("");
    CHECK_THAT(screen, StartsWith("cccccccc  send_email\n"));
    CHECK_THAT(screen, ContainsSubstring("to  \"ann@example.com\"\n\napprovekit> \n"));
}

TEST_CASE("An empty line at the prompt lists again") {
    Desk desk;
    CHECK(desk.type("\n") ==
          "Nothing waits for a decision.\napprovekit> Nothing waits for a decision.\napprovekit> \n");
}

TEST_CASE("G9 a decision at the prompt names its reviewer, the way and the notes") {
    Desk desk;
    desk.storage->add("send_email", Json::object(), third_id);
    CHECK_THAT(desk.type("approve cccc looks  fine\nquit\n"), ContainsSubstring("Approved cccccccc send_email.\n"));
    const auto decision = desk.storage->find_decision(third_id);
    REQUIRE(decision.has_value());
    CHECK(decision->verdict == approvekit::Verdict::approve);
    CHECK(decision->reviewer == "ann");
    CHECK(decision->way == "terminal");
    CHECK(decision->notes == "looks  fine");
}

TEST_CASE("A call can be refused at the prompt") {
    Desk desk;
    desk.storage->add("drop_table", Json::object(), third_id);
    CHECK_THAT(desk.type("reject cccccccc not today\n"), ContainsSubstring("Rejected cccccccc drop_table.\n"));
    CHECK(desk.status(third_id) == ApprovalStatus::rejected);
    CHECK(desk.storage->find(third_id)->reviewer_notes == "not today");
}

TEST_CASE("H18 a prefix that fits several ids, an empty id and an unknown one decide nothing") {
    Desk desk;
    desk.storage->add("one", Json::object(), first_id);
    desk.storage->add("two", Json::object(), second_id);
    const std::string screen = desk.type("approve aaaaaaaa\napprove\napprove a\napprove ffffffff\nreject\n");
    CHECK_THAT(screen, ContainsSubstring("several requests start with 'aaaaaaaa'"));
    CHECK_THAT(screen, ContainsSubstring("Which one? approve <id> [notes]"));
    CHECK_THAT(screen, ContainsSubstring("no request has the id 'ffffffff'"));
    CHECK_THAT(screen, ContainsSubstring("Which one? reject <id> [notes]"));
    CHECK(desk.status(first_id) == ApprovalStatus::pending);
    CHECK(desk.status(second_id) == ApprovalStatus::pending);
}

TEST_CASE("Ids are shown as short as they can be told apart") {
    Desk desk;
    desk.storage->add("one", Json::object(), first_id);
    desk.storage->add("two", Json::object(), second_id);
    const std::string screen = desk.type("approve aaaaaaaa-1112\n");
    CHECK_THAT(screen, ContainsSubstring("aaaaaaaa-1111  one\n"));
    CHECK(desk.status(second_id) == ApprovalStatus::approved);
}

TEST_CASE("Already decided and expired are told apart at the prompt, and the prompt goes on") {
    Desk desk;
    desk.storage->add("one", Json::object(), first_id);
    desk.storage->add("late", Json::object(), third_id);
    desk.reviewer->reject(first_id);
    desk.take();
    desk.storage->lose_agent(third_id);
    const std::string screen = desk.type("approve " + std::string(first_id) + "\napprove cccccccc\nhelp\n");
    CHECK_THAT(screen, ContainsSubstring("already rejected by ann"));
    CHECK_THAT(screen, ContainsSubstring("has expired"));
    CHECK_THAT(screen, ContainsSubstring("leave without deciding"));
}

TEST_CASE("H19 the end of input leaves without deciding, also in the middle of a line") {
    Desk desk;
    desk.storage->add("one", Json::object(), third_id);
    CHECK_THAT(desk.type("approve cccccccc"), ContainsSubstring("approvekit> \n"));
    CHECK(desk.status(third_id) == ApprovalStatus::pending);
}

TEST_CASE("H25 what was edited after the prompt had shown it is not approved") {
    Desk desk;
    desk.storage->add("one", Json::object(), third_id);
    std::stringbuf typed("approve cccccccc\n");
    // The list is drawn before the first line is read, so the edit falls between.
    struct Altering : std::streambuf {
        Altering(std::streambuf& from, FakeStorage& storage) : source(from), altered(storage) {}
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
        FakeStorage& altered;
        bool done = false;
    } buffer(typed, *desk.storage);
    std::istream in(&buffer);
    desk.reviewer->prompt(in);
    CHECK_THAT(desk.take(), ContainsSubstring("the request is not the one that was shown"));
    CHECK(desk.status(third_id) == ApprovalStatus::pending);
}

TEST_CASE("H53 a request that the list showed in part is approved only after it was shown whole") {
    Desk desk;
    std::string command;
    for (int i = 0; i < 40; ++i)
        command += "ls\n";
    desk.storage->add("bash", {{"command", command + "rm -rf /"}}, third_id);
    const std::string refused = desk.type("approve cccccccc\n");
    CHECK_THAT(refused, !ContainsSubstring("rm -rf"));
    CHECK_THAT(refused, ContainsSubstring("Only a part of it was shown. Approve it after: show cccccccc"));
    CHECK(desk.status(third_id) == ApprovalStatus::pending);

    const std::string approved = desk.type("show cccccccc\nlist\napprove cccccccc\n");
    CHECK_THAT(approved, ContainsSubstring("rm -rf") && ContainsSubstring("Approved cccccccc"));
    CHECK(desk.storage->find_decision(third_id)->shown == Shown::whole);
}

TEST_CASE("H53 what was shown counts for that view alone, and what was never shown is not approved") {
    Desk desk;
    desk.type("");
    const auto late = [&] { desk.storage->add("late", Json::object(), third_id); };
    CHECK_THAT(desk.type("approve cccccccc\nshow cccccccc\n", late),
               ContainsSubstring("It was not shown yet. Approve it after: show cccccccc"));
    CHECK(desk.status(third_id) == ApprovalStatus::pending);

    CHECK_THAT(desk.type("approve cccccccc\n", [&] { desk.storage->alter(third_id); }),
               ContainsSubstring("look again: show cccccccc"));
    CHECK(desk.status(third_id) == ApprovalStatus::pending);
}

TEST_CASE("H53 a request of another program that changed after it was shown has to be shown again") {
    Desk desk;
    ApprovalRequest foreign = desk.storage->add("foreign", Json::object(), third_id);
    foreign.ours = false;
    foreign.view_digest.clear();
    desk.storage->submit(foreign);
    const auto edit = [&] {
        foreign.tool_args["edited"] = true;
        desk.storage->submit(foreign);
    };
    const std::string screen = desk.type("approve cccccccc\nlist\napprove cccccccc\n", edit);
    CHECK_THAT(screen, ContainsSubstring("look again: show cccccccc"));
    CHECK_THAT(screen, ContainsSubstring("Approved cccccccc"));
}

TEST_CASE("H53 a low screen shows a long request page by page, and counts it as shown at its end") {
    Desk desk(false, 12);
    Json numbers = Json::array();
    for (int i = 0; i < 20; ++i)
        numbers.push_back(i);
    desk.storage->add("sum", {{"numbers", numbers}}, third_id);
    const std::string half = desk.type("show cccccccc\napprove cccccccc\n");
    CHECK_THAT(half, ContainsSubstring("more lines: more") && !ContainsSubstring("[19]"));
    CHECK_THAT(half, ContainsSubstring("Only a part of it was shown"));
    const std::string whole = desk.type("show cccccccc\nmore\nmore\nmore\napprove cccccccc\n");
    CHECK_THAT(whole, ContainsSubstring("[19]") && ContainsSubstring("Approved cccccccc"));
}

TEST_CASE("H53 what of a list is not on a low screen yet is not approved") {
    Desk desk(false, 14);
    desk.storage->add("one", {{"a", 1}}, first_id);
    desk.storage->add("two", {{"a", 1}}, second_id);
    desk.storage->add("three", {{"a", 1}}, third_id);
    const std::string screen = desk.type("approve cccccccc\nmore\napprove cccccccc\n");
    CHECK_THAT(screen, ContainsSubstring("more lines: more"));
    CHECK_THAT(screen, ContainsSubstring("It was not shown yet") && ContainsSubstring("Approved cccccccc three"));
}

TEST_CASE("H53 rejecting needs no look, and a single command decides what it names") {
    Desk desk;
    desk.storage->add("one", {{"text", std::string(9000, 'x')}}, first_id);
    desk.storage->add("two", {{"text", std::string(9000, 'x')}}, third_id);
    CHECK_THAT(desk.type("reject aaaaaaaa\n"), ContainsSubstring("Rejected"));
    CHECK(desk.storage->find_decision(first_id)->shown == Shown::in_part);
    desk.reviewer->approve(third_id);
    CHECK(desk.storage->find_decision(third_id)->shown == Shown::by_id);
}

TEST_CASE("A storage that fails is told at the prompt, which goes on") {
    Desk desk;
    desk.storage->fail_with(ErrorCode::storage_busy);
    CHECK(desk.type("audit\n") ==
          "the record cannot be reached\napprovekit> the record cannot be reached\napprovekit> \n");
}

TEST_CASE("H17 what is not a command is shown escaped") {
    CHECK_THAT(Desk().type("\x1b[2J\n"), ContainsSubstring("There is no command \"\\x1b[2J\"; help lists"));
}

TEST_CASE("More than a page is shown page by page") {
    Desk desk;
    for (int i = 0; i < 45; ++i)
        desk.storage->add("tool_" + std::to_string(i));
    const std::string screen = desk.type("more\nmore\nmore\n");
    CHECK_THAT(screen,
               ContainsSubstring("tool_19\n") && ContainsSubstring("tool_20\n") && ContainsSubstring("tool_44\n"));
    CHECK_THAT(screen, ContainsSubstring("There is nothing more"));
}

TEST_CASE("The audit is shown newest first, with notes below") {
    Desk desk;
    desk.storage->add("one", Json::object(), first_id);
    desk.storage->add("two", Json::object(), third_id);
    desk.reviewer->approve(first_id);
    desk.reviewer->reject(third_id, "never\x1b");
    desk.take();
    desk.reviewer->audit();
    CHECK(desk.take() ==
          "2024-10-04 00:00:00Z  cccccccc  rejected   two  by ann (terminal)\n"
          "    \"never\\x1b\"\n"
          "2024-10-04 00:00:00Z  aaaaaaaa  approved   one  by ann (terminal)\n");
}

TEST_CASE("Lists for machines are one document with the page and where the next begins") {
    Desk desk(true);
    desk.storage->add("one", {{"text", "\u009b\u202e\x7f"}}, first_id);
    desk.storage->add("two", Json::object(), third_id);
    desk.reviewer->list({.status = ApprovalStatus::pending, .limit = 1, .cursor = {}});
    const std::string text = desk.take();
    CHECK_THAT(text, ContainsSubstring("\\u009b\\u202e\\u007f"));
    const Json page = Json::parse(text);
    CHECK(page["requests"][0]["id"] == first_id);
    desk.reviewer->list({.status = ApprovalStatus::pending, .limit = 1, .cursor = page["next"]});
    const Json last = desk.take_json();
    CHECK(last["requests"][0]["id"] == third_id);
    CHECK(last["next"].is_null());
}

TEST_CASE("Every command has a form for machines") {
    Desk desk(true);
    desk.storage->add("one", Json::object(), first_id);
    desk.storage->add("two", Json::object(), third_id);
    desk.reviewer->show(first_id);
    CHECK(desk.take_json()["request"]["tool_name"] == "one");
    desk.reviewer->approve(first_id, "yes");
    CHECK(desk.take_json()["request"]["status"] == "approved");
    desk.reviewer->reject(third_id);
    CHECK(desk.take_json()["request"]["status"] == "rejected");
    desk.reviewer->audit();
    CHECK(desk.take_json()["audit"].size() == 2);
    CHECK(desk.reviewer->verify_audit());
    CHECK(desk.take_json()["intact"] == true);
}

TEST_CASE("The single commands throw what the reviewer throws") {
    Desk desk;
    desk.storage->add("one", Json::object(), first_id);
    CHECK_THROWS_AS(desk.reviewer->show("ffffffff"), DecisionError);
    CHECK_THROWS_AS(desk.reviewer->approve(first_id, "", "another view"), DecisionError);
    CHECK(desk.status(first_id) == ApprovalStatus::pending);
}

TEST_CASE("The whole record is exported oldest first, however many pages it has") {
    Desk desk;
    for (int i = 0; i < 1200; ++i)
        desk.reviewer->approve(desk.storage->add("tool").id);
    desk.take();
    desk.reviewer->export_audit(AuditFormat::jsonl);
    std::istringstream lines(desk.take());
    std::int64_t expected = 1;
    for (std::string line; std::getline(lines, line); ++expected) {
        if (Json::parse(line)["sequence"] != expected) FAIL(line);
    }
    CHECK(expected == 1201);
    desk.reviewer->export_audit(AuditFormat::csv);
    CHECK_THAT(desk.take(), StartsWith("\"sequence\",") && ContainsSubstring("\r\n\"1200\","));
}
