#include "web/secret.hpp"

#include "support/catch.hpp"

using namespace approvekit;
using namespace approvekit::web;

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
