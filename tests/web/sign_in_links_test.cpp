#include "web/sign_in_links.hpp"

#include "support/catch.hpp"
#include "support/manual_clock.hpp"

#include <chrono>
#include <string>

using namespace approvekit::web;
using approvekit::testing::ManualClock;
using Redeemed = SignInLinks::Redeemed;

namespace {

struct Desk {
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
    Desk desk;
    const std::string link = desk.links.make();
    CHECK(link.starts_with("http://127.0.0.1:8765/#sign-in="));
    CHECK(link.size() == std::string("http://127.0.0.1:8765/#sign-in=").size() + 48);
    CHECK(link != desk.links.make());
}

TEST_CASE("H59 a link belongs to the first secret that came with it, for a minute, and then to none") {
    Desk desk;
    const std::string key = desk.make();
    desk.clock.advance(std::chrono::hours(24));

    CHECK(desk.links.redeem(key, "first") == Redeemed::granted);
    CHECK(desk.links.redeem(key, "second") == Redeemed::used);
    desk.clock.advance(std::chrono::seconds(59));
    CHECK(desk.links.redeem(key, "first") == Redeemed::granted);
    CHECK(desk.links.redeem(key, "second") == Redeemed::used);
    desk.clock.advance(std::chrono::seconds(1));
    CHECK(desk.links.redeem(key, "first") == Redeemed::used);
    CHECK(desk.links.redeem(key, "second") == Redeemed::used);
}

TEST_CASE("H59 asking again does not make the minute longer") {
    Desk desk;
    const std::string key = desk.make();
    for (int seconds = 0; seconds < 60; seconds += 20) {
        CHECK(desk.links.redeem(key, "first") == Redeemed::granted);
        desk.clock.advance(std::chrono::seconds(20));
    }
    CHECK(desk.links.redeem(key, "first") == Redeemed::used);
}

TEST_CASE("H59 what was never a link is told apart from one that was used") {
    Desk desk;
    const std::string key = desk.make();
    CHECK(desk.links.redeem("", "first") == Redeemed::unknown);
    CHECK(desk.links.redeem(key.substr(1), "first") == Redeemed::unknown);
    CHECK(desk.links.redeem(key, "first") == Redeemed::granted);
}

TEST_CASE("H59 the eldest links make room for new ones") {
    Desk desk;
    const std::string eldest = desk.make();
    const std::string second = desk.make();
    for (std::size_t number = 1; number < SignInLinks::capacity; ++number)
        (void)desk.links.make();
    CHECK(desk.links.redeem(eldest, "first") == Redeemed::unknown);
    CHECK(desk.links.redeem(second, "first") == Redeemed::granted);
}
