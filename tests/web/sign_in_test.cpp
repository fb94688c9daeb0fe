#include "web/sign_in.hpp"

#include "support/catch.hpp"
#include "support/manual_clock.hpp"

#include <chrono>
#include <string>

using namespace approvekit;
using namespace approvekit::web;
using approvekit::testing::ManualClock;
using Redeemed = SignInLinks::Redeemed;

namespace {

struct LinksFixture {
    ManualClock clock;
    SignInLinks links{"http://127.0.0.1:8765", clock};

    /// The key of a new link.
    std::string make() {
        const std::string link = links.make();
        return link.substr(link.find('=') + 1);
    }
};

}  // namespace

TEST_CASE("H59 every link is another one and leads to the server with its key in the fragment") {
    LinksFixture fixture;
    const std::string link = fixture.links.make();
    CHECK(link.starts_with("http://127.0.0.1:8765/#sign-in="));
    CHECK(link.size() == std::string("http://127.0.0.1:8765/#sign-in=").size() + 48);
    CHECK(link != fixture.links.make());
}

TEST_CASE("H59 a link belongs to the first secret that came with it, for a minute, and then to none") {
    LinksFixture fixture;
    const std::string key = fixture.make();
    fixture.clock.advance(std::chrono::hours(24));

    CHECK(fixture.links.redeem(key, "first") == Redeemed::granted);
    CHECK(fixture.links.redeem(key, "second") == Redeemed::used);
    fixture.clock.advance(std::chrono::seconds(59));
    CHECK(fixture.links.redeem(key, "first") == Redeemed::granted);
    CHECK(fixture.links.redeem(key, "second") == Redeemed::used);
    fixture.clock.advance(std::chrono::seconds(1));
    CHECK(fixture.links.redeem(key, "first") == Redeemed::used);
    CHECK(fixture.links.redeem(key, "second") == Redeemed::used);
}

TEST_CASE("H59 asking again does not make the minute longer") {
    LinksFixture fixture;
    const std::string key = fixture.make();
    for (int seconds = 0; seconds < 60; seconds += 20) {
        CHECK(fixture.links.redeem(key, "first") == Redeemed::granted);
        fixture.clock.advance(std::chrono::seconds(20));
    }
    CHECK(fixture.links.redeem(key, "first") == Redeemed::used);
}

TEST_CASE("H59 what was never a link is told apart from one that was used") {
    LinksFixture fixture;
    const std::string key = fixture.make();
    CHECK(fixture.links.redeem("", "first") == Redeemed::unknown);
    CHECK(fixture.links.redeem(key.substr(1), "first") == Redeemed::unknown);
    CHECK(fixture.links.redeem(key, "first") == Redeemed::granted);
}

TEST_CASE("H59 the oldest links make room for new ones") {
    LinksFixture fixture;
    const std::string oldest = fixture.make();
    const std::string second = fixture.make();
    for (std::size_t number = 1; number < SignInLinks::capacity; ++number)
        (void)fixture.links.make();
    CHECK(fixture.links.redeem(oldest, "first") == Redeemed::unknown);
    CHECK(fixture.links.redeem(second, "first") == Redeemed::granted);
}

namespace {

struct SessionsFixture {
    Sessions sessions;
    Time now{};

    bool open(const std::string& secret) {
        now += std::chrono::seconds(1);
        return sessions.open(secret, now);
    }
    bool knows(const std::string& secret) { return sessions.find(secret, now).has_value(); }
};

}  // namespace

TEST_CASE("a session is found by its secret and by nothing else") {
    SessionsFixture fixture;
    CHECK(fixture.open("the-secret-of-one"));
    CHECK(fixture.open("the-secret-of-two"));
    CHECK(fixture.knows("the-secret-of-one"));
    CHECK(fixture.knows("the-secret-of-two"));
    CHECK_FALSE(fixture.knows(""));
    CHECK_FALSE(fixture.knows("the-secret-of-on"));
    CHECK_FALSE(fixture.knows("the-secret-of-one "));
}

TEST_CASE("the oldest sessions make room for new ones, and one that is opened again takes no more room") {
    SessionsFixture fixture;
    for (std::size_t number = 0; number < Sessions::capacity; ++number)
        CHECK(fixture.open(std::to_string(number)));
    CHECK(fixture.open("0"));
    CHECK(fixture.knows("0"));
    CHECK(fixture.open("another"));
    CHECK_FALSE(fixture.knows("0"));
    CHECK(fixture.knows("1"));
    CHECK(fixture.knows("another"));
}

TEST_CASE("a session tells since when it is and when it was seen last, and its id is not its secret") {
    SessionsFixture fixture;
    CHECK(fixture.open("secret"));
    const Time opened = fixture.now;
    fixture.now += std::chrono::hours(1);
    CHECK(fixture.knows("secret"));
    const auto all = fixture.sessions.all();
    REQUIRE(all.size() == 1);
    CHECK(all.at(0).opened_at == opened);
    CHECK(all.at(0).seen_at == fixture.now);
    CHECK(fixture.sessions.has(all.at(0).id));
    CHECK_FALSE(fixture.knows(all.at(0).id));
}

TEST_CASE("H191 a session is ended once, by its whole id, and what ended is not opened again") {
    SessionsFixture fixture;
    CHECK(fixture.open("secret"));
    const std::string id = fixture.sessions.all().at(0).id;
    CHECK_FALSE(fixture.sessions.end(id.substr(1)));
    CHECK_FALSE(fixture.sessions.end(""));
    CHECK(fixture.knows("secret"));
    CHECK(fixture.sessions.end(id));
    CHECK_FALSE(fixture.sessions.end(id));
    CHECK_FALSE(fixture.knows("secret"));
    CHECK_FALSE(fixture.open("secret"));
    CHECK_FALSE(fixture.sessions.has(id));
}

TEST_CASE("secrets are the same only when every byte is") {
    CHECK(same_secret("abc", "abc"));
    CHECK_FALSE(same_secret("abc", "abd"));
    CHECK_FALSE(same_secret("abc", "abc "));
    CHECK_FALSE(same_secret("abc", ""));
}

TEST_CASE("digests that differ in one bit are not the same") {
    const Digest digest = digest_of("abc");
    CHECK(same_digest(digest, digest));
    for (std::size_t at = 0; at < digest.size(); ++at) {
        Digest other = digest;
        other[at] ^= 1;
        CHECK_FALSE(same_digest(digest, other));
    }
}
