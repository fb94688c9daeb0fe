#include "web/sessions.hpp"

#include "support/catch.hpp"

#include <string>

using namespace approvekit::web;

TEST_CASE("a session is found by its secret and by nothing else") {
    Sessions sessions;
    sessions.open("the-secret-of-one");
    sessions.open("the-secret-of-two");
    CHECK(sessions.contains("the-secret-of-one"));
    CHECK(sessions.contains("the-secret-of-two"));
    CHECK_FALSE(sessions.contains(""));
    CHECK_FALSE(sessions.contains("the-secret-of-on"));
    CHECK_FALSE(sessions.contains("the-secret-of-one "));
}

TEST_CASE("the oldest sessions make room for new ones, and one that is opened again takes no more room") {
    Sessions sessions;
    for (std::size_t number = 0; number < Sessions::capacity; ++number)
        sessions.open(std::to_string(number));
    sessions.open("0");
    CHECK(sessions.contains("0"));
    sessions.open("another");
    CHECK_FALSE(sessions.contains("0"));
    CHECK(sessions.contains("1"));
    CHECK(sessions.contains("another"));
}
