#include "web/sign_in_links.hpp"

#include "support/catch.hpp"
#include "support/manual_clock.hpp"

#include <chrono>
#include <string>

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
