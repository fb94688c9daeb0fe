// Editing the arguments of a call within a session at a terminal.
#include "terminal/session_fixture.hpp"

#include "support/catch.hpp"

#include <cstddef>
#include <sstream>
#include <string>

using namespace approvekit;
using approvekit::testing::OneCallSession;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::EndsWith;

namespace {

/// A waiting mail, and a session in which its reviewer types.
struct EditedSession : OneCallSession {
    explicit EditedSession(const Json& editable = {"args.body", "args.copies"})
        : OneCallSession("mail", {{"to", "ana"}, {"body", "Dear Ana"}, {"copies", 1}}, {{"allow_edit", editable}}) {}
};

std::size_t count_of(const std::string& words, const std::string& screen) {
    std::size_t count = 0;
    for (auto at = screen.find(words); at != std::string::npos; at = screen.find(words, at + 1))
        ++count;
    return count;
}

}  // namespace

TEST_CASE("G16 e in a session changes an argument, tells what will run, and y approves that") {
    EditedSession session;
    const std::string screen = session.type({"e args.body", "Hi there", "e args.copies", "2", "y shorter"});
    CHECK_THAT(screen, ContainsSubstring("[y,n,e,s,q,?] ") &&
                           ContainsSubstring("New value of args.body (Enter: as it was): ") &&
                           ContainsSubstring("When it is approved, it runs with:") &&
                           ContainsSubstring("args.copies to "));
    const ApprovalRequest approved = session.found();
    CHECK(approved.status == ApprovalStatus::approved);
    CHECK(approved.edited.value().edits == Json{{"args.body", "Hi there"}, {"args.copies", 2}});
    CHECK(approved.reviewer_notes == "shorter");
}

TEST_CASE("G16 an edit in a session is taken back by an empty line, and left out of another decision") {
    EditedSession session;
    CHECK_THAT(session.type({"e args.body", "Hi", "e args.body", ""}), ContainsSubstring("It runs as it was asked"));
    CHECK(session.found().status == ApprovalStatus::pending);
    session.type({"e args.body", "Hi", "n no"});
    CHECK(session.found().status == ApprovalStatus::rejected);
    EditedSession skipped;
    skipped.type({"e args.body", "Hi", "s", "y fine"});
    CHECK(skipped.found().status == ApprovalStatus::approved);
    CHECK_FALSE(skipped.found().edited);
}

TEST_CASE("G16 what is wrong with an edit in a session is told at once, and nothing of it is kept") {
    EditedSession session;
    const std::string screen =
        session.type({"e", "e args.to", "e args.copies", "two", "e args.copies", "\"2\"", "y fine"});
    CHECK_THAT(screen, ContainsSubstring("Which one? e args.body; what may be edited is args.body, args.copies") &&
                           ContainsSubstring("\"args.to\" may not be edited") &&
                           ContainsSubstring("args.copies: expected a number"));
    CHECK(session.found().status == ApprovalStatus::approved);
    CHECK_FALSE(session.found().edited);
}

TEST_CASE(
    "G16 a value that is as it was drops the edit, and one that is refused leaves what was typed before, and says so") {
    EditedSession back;
    back.type({"e args.copies", "2", "e args.copies", "1", "y fine"});
    CHECK(back.found().status == ApprovalStatus::approved);
    CHECK_FALSE(back.found().edited);
    EditedSession kept;
    const std::string screen = kept.type({"e args.copies", "2", "e args.copies", "\"2\"", "y fine"});
    CHECK(kept.found().edited.value().edits == Json{{"args.copies", 2}});
    const auto error = screen.find("args.copies: expected a number");
    REQUIRE(error != std::string::npos);
    CHECK_THAT(screen.substr(error), ContainsSubstring("When it is approved, it runs with:"));
}

TEST_CASE("G16 a session tells of an edit whenever the request is shown again and before it is approved") {
    EditedSession session;
    const std::string id = session.asked.id;
    const std::string screen = session.type({"e args.body", "Hi", "show " + id, "y fine"});
    CHECK(count_of("When it is approved, it runs with:", screen) == 3);
}

TEST_CASE("G16 an edit in a session is of one request alone") {
    EditedSession session;
    ApprovalRequest other = session.storage->make("mail", {{"body", "Dear Bob"}});
    other.metadata["allow_edit"] = {"args.body"};
    other.view_digest = view_digest(other);
    session.storage->submit(other);
    session.type({"e args.body", "Hi", "show " + other.id, "y fine", "y fine"});
    CHECK(session.storage->find(other.id)->status == ApprovalStatus::approved);
    CHECK_FALSE(session.storage->find(other.id)->edited);
}

TEST_CASE("G16 the terminal shows what may be edited while that waits, and what was edited after it, by each vote") {
    EditedSession session;
    session.asked = session.storage->make("mail", session.asked.tool_args);
    session.asked.metadata["allow_edit"] = {"args.body"};
    session.asked.metadata["quorum"] = {{"approvals", 2}, {"reviewers", {"ann", "bob"}}};
    session.asked.view_digest = view_digest(session.asked);
    session.storage->submit(session.asked);
    const auto shown = [&] {
        std::ostringstream out;
        TerminalReviewer::Options options;
        options.clock = session.clock;
        TerminalReviewer(Reviewer(session.storage, "ann", "terminal"), out, options).show(session.asked.id);
        return out.str();
    };
    CHECK_THAT(shown(), ContainsSubstring("may be edited when it is approved: args.body"));
    const ReviewerAnswer answer{.edits = {{"args.body", "Hi"}}};
    Reviewer(session.storage, "ann", "terminal").approve(session.asked.id, answer);
    CHECK_THAT(shown(), ContainsSubstring("by ann: args.body to "));
    CHECK(count_of("args.body to ", shown()) == 1);
    Reviewer(session.storage, "bob", "terminal").approve(session.asked.id, answer);
    CHECK(count_of("args.body to ", shown()) == 3);
    CHECK_THAT(shown(), !ContainsSubstring("may be edited"));
}

TEST_CASE("G16 a session offers e only where something may be edited") {
    EditedSession session(Json::array());
    CHECK_THAT(session.type({"e args.body"}),
               ContainsSubstring("[y,n,s,q,?] ") && ContainsSubstring("Nothing of it may be edited."));
    EditedSession alone(Json{"args.body"});
    alone.type({"e", "\"Hi\\nthere\"", "y fine"});
    CHECK(alone.found().edited.value().edits == Json{{"args.body", "Hi\nthere"}});
}
