#include "web/sessions.hpp"

#include "support/catch.hpp"

#include <vector>

using namespace approvekit::web;

TEST_CASE("a session is found by its id and by nothing else") {
    Sessions sessions;
    const Session one = sessions.open();
    const Session two = sessions.open();
    CHECK(sessions.find(one.id)->csrf == one.csrf);
    CHECK(one.id != two.id);
    CHECK(one.csrf != two.csrf);
    CHECK_FALSE(sessions.find(""));
    CHECK_FALSE(sessions.find(one.csrf));
    CHECK_FALSE(sessions.find(one.id.substr(1)));
}

TEST_CASE("the eldest sessions make room for new ones") {
    Sessions sessions;
    const Session eldest = sessions.open();
    const Session second = sessions.open();
    for (std::size_t i = 1; i < Sessions::capacity; ++i)
        (void)sessions.open();
    CHECK_FALSE(sessions.find(eldest.id));
    CHECK(sessions.find(second.id));
}

TEST_CASE("secrets are the same only when every byte is") {
    CHECK(same_secret("abc", "abc"));
    CHECK_FALSE(same_secret("abc", "abd"));
    CHECK_FALSE(same_secret("abc", "abc "));
    CHECK_FALSE(same_secret("abc", ""));
}
