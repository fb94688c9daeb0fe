// Granting more calls within a session at a terminal.
#include "terminal/session_fixture.hpp"

#include "support/catch.hpp"

#include <chrono>
#include <string>
#include <vector>

using namespace approvekit;
using namespace std::chrono_literals;
using approvekit::testing::OneCallSession;
using Catch::Matchers::ContainsSubstring;

namespace {

/// A waiting mail, of which a reviewer may grant five more.
struct GrantedSession : OneCallSession {
    GrantedSession()
        : OneCallSession("mail", {{"to", "ana"}, {"body", "Dear Ana"}},
                         {{"grants", {{"uses", 5}, {"for", 7200}, {"bounds", {"args.to"}}}}}) {}
};

}  // namespace

TEST_CASE("G17 g in a session says what will be granted, and y grants it") {
    GrantedSession session;
    const std::string screen = session.type({"g 3 1h args.to", "y fine"});
    CHECK_THAT(screen, ContainsSubstring("[y,n,g,s,q,?] ") &&
                           ContainsSubstring("up to 5 more like it within 2 h, which may differ in args.to") &&
                           ContainsSubstring("When it is approved, the next 3 like it run too, within 1 h, with any "
                                             "args.to."));
    const auto grants = session.storage->grants(GrantList::all);
    REQUIRE(grants.size() == 1);
    CHECK(grants.front().terms.uses == 3);
    CHECK(grants.front().terms.lasts == 1h);
    CHECK(grants.front().terms.free == std::vector<std::string>{"args.to"});
}

TEST_CASE("G17 a grant in a session that is too much is refused, and the call goes on waiting") {
    GrantedSession session;
    CHECK_THAT(session.type({"g 6 1h", "y fine"}), ContainsSubstring("its rule lets a reviewer grant 5 at most"));
    CHECK(session.storage->find(session.asked.id)->status == ApprovalStatus::pending);
    CHECK_THAT(session.type({"g many 1h"}), ContainsSubstring("Nothing is granted. How many, and for how long?"));
}

TEST_CASE("G17 a grant in a session is taken back by g alone, and left out of another decision") {
    GrantedSession session;
    session.type({"g 3 1h", "g", "y fine"});
    CHECK(session.storage->find(session.asked.id)->status == ApprovalStatus::approved);
    CHECK(session.storage->grants(GrantList::all).empty());
    GrantedSession rejected;
    rejected.type({"g 3 1h", "n no"});
    CHECK(rejected.storage->find(rejected.asked.id)->status == ApprovalStatus::rejected);
}
