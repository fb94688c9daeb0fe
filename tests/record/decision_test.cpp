#include "approvekit/decision.hpp"

#include "support/catch.hpp"

using namespace approvekit;

TEST_CASE("each verdict has its text, both ways") {
    CHECK(to_string(Verdict::approve) == "approve");
    CHECK(to_string(Verdict::reject) == "reject");
    CHECK(parse_verdict("approve") == Verdict::approve);
    CHECK(parse_verdict("reject") == Verdict::reject);
    CHECK_FALSE(parse_verdict("approved"));
}

TEST_CASE("a decision that nobody filled in is a rejection") {
    CHECK(Decision().verdict == Verdict::reject);
}
