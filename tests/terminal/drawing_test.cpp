#include "support/catch.hpp"
#include "terminal/arguments_view.hpp"
#include "terminal/layout.hpp"
#include "terminal/pages.hpp"
#include "terminal/request_view.hpp"

#include <algorithm>
#include <chrono>
#include <sstream>
#include <string>

using approvekit::ApprovalRequest;
using approvekit::ApprovalStatus;
using approvekit::Json;
using approvekit::Redaction;
using approvekit::Time;
using approvekit::terminal::Detail;
using approvekit::terminal::Lines;
using approvekit::terminal::Paint;
using approvekit::terminal::Screen;
using Catch::Matchers::ContainsSubstring;
using namespace std::chrono_literals;

namespace {

constexpr Time now{std::chrono::days(20'000)};

Screen screen(std::size_t width = 80) {
    return {.width = width, .charset = approvekit::text::Charset::unicode, .paint = Paint(false), .now = now};
}

std::string arguments(const Json& value, const std::vector<Redaction>& redactions = {}, std::size_t width = 80) {
    Lines lines(screen(width));
    draw_arguments(lines, 0, value, redactions);
    return lines.text();
}

ApprovalRequest email() {
    ApprovalRequest request;
    request.id = "3f2a91bc-0000-4000-8000-000000000000";
    request.tool_name = "send_email";
    request.tool_args = {{"to", "ann@example.com"}, {"body", "[REDACTED]"}};
    request.redactions = {{"body", "string", "33-256", "1a2b3c4d"}};
    request.metadata = {{"risk_level", "high"}, {"timeout", 45}, {"ticket", "OPS-7"}};
    request.created_at = now - 125s;
    request.deadline = now + 40s;
    request.agent = "mailer";
    request.view_digest = "abc123";
    request.ours = true;
    return request;
}

std::string drawing(const ApprovalRequest& request, Detail detail = Detail::queue, const Screen& on = screen()) {
    Lines lines(on);
    draw_request(lines, request, "3f2a91bc", detail);
    return lines.text();
}

/// The position of `text` in what is drawn.
std::size_t place_of(const std::string& text, const std::string& drawn) {
    const std::size_t place = drawn.find(text);
    REQUIRE(place != std::string::npos);
    return place;
}

}  // namespace

TEST_CASE("The context of a call stands above its arguments, which keep the order of their author") {
    ApprovalRequest request = email();
    request.tool_args = {{"to", "ann@example.com"}, {"subject", "Hi"}, {"body", "text"}, {"extra", 1}};
    request.metadata["argument_order"] = {"to", "subject", "missing", 7, "to", "body"};
    request.metadata["context"] = {{"why", "the refund was promised"}, {"requested_by", "ana"}, {"tags", {"refund"}}};
    const std::string drawn = drawing(request);
    CHECK(place_of("requested_by", drawn) < place_of("why", drawn));
    CHECK(place_of("the refund was promised", drawn) < place_of("arguments", drawn));
    CHECK(place_of("to ", drawn.substr(drawn.find("arguments"))) <
          place_of("subject", drawn.substr(drawn.find("arguments"))));
    CHECK(place_of("subject", drawn) < place_of("body", drawn));
    CHECK(place_of("body", drawn) < place_of("extra", drawn));
    CHECK_THAT(drawn, !ContainsSubstring("argument_order") && !ContainsSubstring("missing"));
    request.metadata = Json::array();
    CHECK(place_of("body", drawing(request)) < place_of("subject", drawing(request)));
}

TEST_CASE("A pending request shows all that a decision needs") {
    CHECK(drawing(email()) ==
          "3f2a91bc  send_email\n"
          "  risk       high\n"
          "  asked      2 min 5 s ago by mailer\n"
          "  time left  40 s\n"
          "  arguments\n"
          "    body  [REDACTED] string, length 33-256, fingerprint 1a2b3c4d\n"
          "    to    \"ann@example.com\"\n"
          "  metadata\n"
          "    ticket  \"OPS-7\"\n");
}

TEST_CASE("A limit that holds a call, or that may keep it from its start, is told before the answer") {
    ApprovalRequest request = email();
    request.metadata["limit"] = {{"id", "a"}, {"reached", "20 calls in 1 h are used up"}};
    CHECK_THAT(drawing(request), ContainsSubstring("  limit      held: \"20 calls in 1 h are used up\"\n"));
    request.metadata["limit"] = {{"id", "a"}, {"share", "1 of 20 calls in 1 h"}};
    CHECK_THAT(drawing(request), ContainsSubstring("  limit      takes \"1 of 20 calls in 1 h\", and does not start"));
    for (const Json& other : {Json(5), Json(nullptr), Json{{"reached", 5}, {"share", true}}}) {
        request.metadata["limit"] = other;
        CHECK_THAT(drawing(request), ContainsSubstring("  limit      takes of one, and does not start"));
    }
    request.metadata.erase("limit");
    CHECK_THAT(drawing(request), !ContainsSubstring("limit"));
}

TEST_CASE("A request shown whole has its full id, metadata, digest and how it ended") {
    ApprovalRequest request = email();
    request.status = ApprovalStatus::rejected;
    request.reviewed_at = now;
    request.reviewer = "ann";
    request.way = "terminal";
    request.reviewer_notes = "not now\nask again tomorrow";
    const std::string text = drawing(request, Detail::whole);
    CHECK_THAT(text, ContainsSubstring("  id         3f2a91bc-0000-4000-8000-000000000000\n"));
    CHECK_THAT(text, ContainsSubstring("  metadata\n    ticket  \"OPS-7\"\n"));
    CHECK_THAT(text, ContainsSubstring("  view       abc123\n"));
    CHECK_THAT(text, ContainsSubstring("  status     rejected at 2024-10-04 00:00:00Z by ann (terminal)\n"));
    CHECK_THAT(text, ContainsSubstring("  notes      \"not now\\n\n             ask again tomorrow\"\n"));
    CHECK_THAT(text, !ContainsSubstring("time left"));
}

TEST_CASE("What another program wrote is marked as unprotected") {
    ApprovalRequest request = email();
    request.ours = false;
    request.deadline = std::nullopt;
    request.agent.clear();
    const std::string text = drawing(request);
    CHECK_THAT(text, ContainsSubstring("  origin     another program; nothing protects it from being changed\n"));
    CHECK_THAT(text, ContainsSubstring("  time left  no deadline\n"));
    CHECK_THAT(text, ContainsSubstring("  asked      2 min 5 s ago\n"));
}

TEST_CASE("Nested arguments are drawn as a tree, values aligned among their siblings") {
    CHECK(
        arguments({{"user", {{"name", "Ann"}, {"roles", {"admin", "ops"}}}}, {"count", 3}, {"tags", Json::array()}}) ==
        "count  3\n"
        "tags   []\n"
        "user\n"
        "  name   \"Ann\"\n"
        "  roles\n"
        "    [0]  \"admin\"\n"
        "    [1]  \"ops\"\n");
}

TEST_CASE("Arguments that are no object are shown too") {
    CHECK(arguments("rm -rf /") == "value  \"rm -rf /\"\n");
    CHECK(arguments({1, 2}) == "[0]  1\n[1]  2\n");
    CHECK(arguments(nullptr) == "value  null\n");
}

TEST_CASE("H47 integers beyond 2^53 are shown exactly") {
    CHECK(arguments({{"n", 9007199254740993}}) == "n  9007199254740993\n");
}

TEST_CASE("Long values are wrapped in their own column, and lines of a text stay apart") {
    CHECK(arguments({{"body", "Dear Ann,\nthe report is ready.\n"}}, {}, 24) ==
          "body  \"Dear Ann,\\n\n"
          "      the report is\n"
          "      ready.\\n\"\n");
}

TEST_CASE("H17 hostile keys and values are shown escaped and cannot pose as lines of ours") {
    CHECK(arguments({{"to\x1b[2J", "a\u202eb"}, {"x\n  risk", "low\r"}, {"q\"", "say \"hi\""}}) ==
          "\"q\\\"\"        \"say \\\"hi\\\"\"\n"
          "\"to\\x1b[2J\"  \"a\\u202eb\"\n"
          "\"x\\n  risk\"  \"low\\r\"\n");
}

TEST_CASE("H17 hostile names, risks, agents and notes are shown escaped") {
    ApprovalRequest request = email();
    request.tool_name = "tool\x1b]0;x\x07";
    request.metadata["risk_level"] = "low\u2066";
    request.metadata["\u009bkey"] = "\u200b";
    request.agent = "agent\n  risk       low";
    request.status = ApprovalStatus::approved;
    request.reviewer = "ann (web)\r";
    request.way = "\x7f";
    request.reviewer_notes = "\x1b[31m";
    request.run = approvekit::RunState::failed;
    request.run_note = "\u2028";
    request.view_digest = "\x1b";
    request.redactions = {{"body", "\x1b", "\x1b", "\x1b"}, {"\x1b", "", "", ""}};
    const std::string text = drawing(request, Detail::whole);
    for (const char* const part :
         {"\"tool\\x1b]0;x\\x07\"", "\"low\\u2066\"", "\"\\u009bkey\"", "\"\\u200b\"", "\"agent\\n  risk       low\"",
          "by \"ann (web)\\r\" (\"\\x7f\")", "\"\\x1b[31m\"", "failed: \"\\u2028\""}) {
        CHECK_THAT(text, ContainsSubstring(part));
    }
    CHECK(text.find('\x1b') == std::string::npos);
    CHECK(text.find("\u2028") == std::string::npos);
}

TEST_CASE("H17 no line runs over the edge of the screen, where its rest could pose as a line of ours") {
    const std::string wide = "\u65e5\u672c\u8a9e";
    Json deep = "x";
    for (int i = 0; i < 40; ++i)
        deep = Json{{"level", deep}};
    ApprovalRequest request = email();
    request.tool_name = std::string(200, 't');
    request.agent = std::string(200, 'a');
    request.tool_args = {{std::string(100, 'k'), wide + wide + wide + std::string(300, 'v')}, {"deep", deep}};
    for (const std::size_t width : {30u, 80u}) {
        std::istringstream lines(drawing(request, Detail::whole, screen(width)));
        std::size_t widest = 0;
        for (std::string line; std::getline(lines, line);)
            widest = std::max(widest, approvekit::terminal::columns(line));
        CHECK(widest <= width);
    }
}

TEST_CASE("A value that only looks redacted stays in quotes") {
    CHECK(arguments({{"body", "[REDACTED]"}}) == "body  \"[REDACTED]\"\n");
    CHECK(arguments({{"body", "[REDACTED] string"}}, {{"body", "string", "1-8", "aa"}}) ==
          "body  \"[REDACTED] string\"\n"
          "hidden  \"body\": string, length 1-8, fingerprint aa\n");
}

TEST_CASE("A redacted value is found at its path inside objects and lists") {
    CHECK(arguments({{"cards", {{{"number", "[REDACTED]"}}}}}, {{"cards[0].number", "number", "9-32", "bb"}}) ==
          "cards\n"
          "  [0]\n"
          "    number  [REDACTED] number, length 9-32, fingerprint bb\n");
}

TEST_CASE("Very long arguments are cut in the queue, which says so and how to see them") {
    ApprovalRequest request = email();
    request.tool_args = Json::array();
    for (int i = 0; i < 100; ++i)
        request.tool_args.push_back(i);
    request.redactions.clear();
    CHECK_THAT(drawing(request), ContainsSubstring("... 77 more lines, all shown by: show 3f2a91bc\n"));
    CHECK_THAT(drawing(request, Detail::whole), ContainsSubstring("    [99]  99\n"));
}

TEST_CASE("H53 on a low screen less of a request is listed, and it is told whether anything was cut") {
    ApprovalRequest request = email();
    request.tool_args = Json::array();
    for (int i = 0; i < 20; ++i)
        request.tool_args.push_back(i);
    request.redactions.clear();
    Lines high(screen());
    CHECK(draw_request(high, request, "3f2a91bc", Detail::queue));
    Screen low = screen();
    low.height = 15;
    Lines cut(low);
    CHECK_FALSE(draw_request(cut, request, "3f2a91bc", Detail::queue));
    CHECK(cut.size() == 12);
    Lines whole(low);
    CHECK(draw_request(whole, request, "3f2a91bc", Detail::whole));
}

TEST_CASE("H81 three keys that a terminal would draw alike are told apart") {
    CHECK(arguments({{"to", 1}, {"to\u00a0", 2}, {"to\u2800", 3}, {"t\u043e", 4}}) ==
          "to          1\n"
          "\"to\\u00a0\"  2\n"
          "\"to\\u2800\"  3\n"
          "\"t\\u043e\"   4\n");
}

TEST_CASE("An expired request and a short time are told") {
    ApprovalRequest request = email();
    request.deadline = now - 1s;
    CHECK_THAT(drawing(request), ContainsSubstring("  time left  none: it has expired\n"));
}

TEST_CASE("H80 a storage's word for the time left counts more than the deadline on the wall clock") {
    ApprovalRequest request = email();
    request.deadline = now + 2h;
    request.time_left = 20s;
    CHECK_THAT(drawing(request), ContainsSubstring("  time left  20 s\n"));
}

TEST_CASE("How long an approved call may wait is told before the answer and after it") {
    ApprovalRequest request = email();
    CHECK_THAT(drawing(request), !ContainsSubstring("start"));
    CHECK_THAT(drawing(request, Detail::whole),
               ContainsSubstring("  start      by the deadline, or within 1 min of its approval\n"));
    request.metadata[approvekit::start_within_key] = 5400;
    CHECK_THAT(drawing(request),
               ContainsSubstring("  start      within 1 h 30 min of its approval\n") && !ContainsSubstring("5400"));
    request.status = ApprovalStatus::approved;
    request.start_by = now + 1h;
    CHECK_THAT(drawing(request, Detail::whole), ContainsSubstring("  start by   2024-10-04 01:00:00Z\n"));
}

TEST_CASE("What another program calls a start window is metadata like any other") {
    ApprovalRequest request = email();
    request.ours = false;
    request.deadline.reset();
    request.metadata[approvekit::start_within_key] = 5400;
    const std::string text = drawing(request, Detail::whole);
    CHECK_THAT(text, ContainsSubstring("start_within  5400"));
    CHECK_THAT(text, !ContainsSubstring("of its approval"));
}

TEST_CASE("H65 a request that was changed shows what its agent asked for beside it") {
    ApprovalRequest request = email();
    request.submitted = approvekit::SubmittedView{"send_text", {{"to", "eve@example.com"}}, now, Json::object()};
    const std::string text = drawing(request);
    CHECK_THAT(text, ContainsSubstring("altered") && ContainsSubstring("another program changed it"));
    CHECK_THAT(text, ContainsSubstring("ann@example.com") && ContainsSubstring("eve@example.com"));
    CHECK_THAT(text, ContainsSubstring("send_text"));
}

TEST_CASE("H82 an entry is told to be unsigned only where somebody was to sign it") {
    approvekit::AuditEntry entry;
    entry.decision = approvekit::AuditEvent::approved;
    entry.reviewer = "ann";
    entry.way = "web";
    entry.hash = "ab";
    const auto text = [&] {
        Lines lines(screen());
        draw_audit_entry(lines, entry, "3f2a91bc");
        return lines.text();
    };
    CHECK_THAT(text(), !ContainsSubstring("signed"));
    entry.metadata = {{approvekit::signers_key, {{"ann", "key"}}}};
    CHECK_THAT(text(), ContainsSubstring("  unsigned"));
    entry.is_signed = true;
    entry.metadata = Json::object();
    CHECK_THAT(text(), ContainsSubstring("  signed"));
}

TEST_CASE("Colours change nothing of the text") {
    Screen coloured = screen();
    coloured.paint = Paint(true);
    std::string text = drawing(email(), Detail::queue, coloured);
    CHECK(text.find("\x1b[1;31mhigh\x1b[0m") != std::string::npos);
    for (std::size_t at = text.find('\x1b'); at != std::string::npos; at = text.find('\x1b'))
        text.erase(at, text.find('m', at) - at + 1);
    CHECK(text == drawing(email()));
}

TEST_CASE("a request whose agent is gone says that it waits for one that asks again") {
    ApprovalRequest request = email();
    CHECK(drawing(request).find("waits") == std::string::npos);
    request.awaits_agent = true;
    request.metadata["asked_before"] = "0c9e7f5a-0000-4000-8000-000000000001";
    const std::string text = drawing(request, Detail::queue, screen(120));
    CHECK_THAT(text, ContainsSubstring("  waits      for its agent to come back: it runs when an agent asks again"));
    CHECK_THAT(text, ContainsSubstring("asked_before"));
    CHECK_THAT(text, ContainsSubstring("0c9e7f5a-0000-4000-8000-000000000001"));
}
