#include "web/input.hpp"

#include "support/catch.hpp"

#include "approvekit/error.hpp"

#include <string>

using namespace approvekit;
using namespace approvekit::web;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("a listing without parameters is the first page of what is pending") {
    const RequestQuery query = parse_request_query("");
    CHECK(query.status == ApprovalStatus::pending);
    CHECK(query.limit == 50);
    CHECK(query.cursor.empty());
}

TEST_CASE("a listing takes a status, a limit and a cursor") {
    const RequestQuery query = parse_request_query("limit=200&cursor=a%2Bb%26+c&status=all");
    CHECK_FALSE(query.status);
    CHECK(query.limit == 200);
    CHECK(query.cursor == "a+b& c");
    CHECK(parse_request_query("status=cancelled").status == ApprovalStatus::cancelled);
    CHECK(parse_audit_query("request_id=x&limit=1").request_id == "x");
}

TEST_CASE("what a listing does not understand is refused with what it does") {
    CHECK_THROWS_WITH(parse_request_query("status=Pending"),
                      ContainsSubstring("rejected, timeout, cancelled, answered or all"));
    CHECK_THROWS_WITH(parse_request_query("stat=all"), ContainsSubstring("known here: status, limit, cursor"));
    CHECK_THROWS_WITH(parse_audit_query("status=all"), ContainsSubstring("known here: limit, cursor, request_id"));
    for (const std::string limit : {"0", "201", "-1", "+1", "1e2", "1 ", "0x10", "99999999999999999999"}) {
        CHECK_THROWS_WITH(parse_request_query("limit=" + limit), ContainsSubstring("from 1 to 200"));
    }
}

TEST_CASE("a parameter that appears twice, has no value or is not UTF-8 is refused") {
    CHECK_THROWS_AS(parse_request_query("limit=1&limit=2"), Error);
    CHECK_THROWS_AS(parse_request_query("limit"), Error);
    CHECK_THROWS_AS(parse_request_query("cursor=%FF"), Error);
    CHECK_THROWS_AS(parse_request_query("cursor=%4"), Error);
    CHECK_THROWS_AS(parse_request_query("%FF=1"), Error);
    CHECK_THROWS_AS(parse_request_query("&"), Error);
    CHECK_THROWS_AS(require_no_query("x"), Error);
}
