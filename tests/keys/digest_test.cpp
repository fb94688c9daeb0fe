#include "approvekit/digest.hpp"

#include "approvekit/error.hpp"
#include "support/catch.hpp"

#include <set>
#include <string>
#include <thread>
#include <vector>

using namespace approvekit;

TEST_CASE("BLAKE2b-256 agrees with b2sum") {
    CHECK(to_hex(digest_of("")) == "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
    CHECK(to_hex(digest_of("abc")) == "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
}

TEST_CASE("fields that are cut elsewhere have another digest") {
    CHECK(digest_of_fields({"ab", "c"}) == digest_of_fields({"ab", "c"}));
    CHECK(digest_of_fields({"ab", "c"}) != digest_of_fields({"a", "bc"}));
    CHECK(digest_of_fields({"abc"}) != digest_of_fields({"abc", ""}));
    CHECK(digest_of_fields({}) != digest_of_fields({""}));
}

TEST_CASE("the digest of fields is the digest over each length and field") {
    using namespace std::string_literals;
    CHECK(digest_of_fields({"ab", "c"}) == digest_of("\0\0\0\0\0\0\0\2ab\0\0\0\0\0\0\0\1c"s));
}

TEST_CASE("random texts have their length and do not repeat") {
    CHECK(random_hex(0).empty());
    CHECK(random_hex(16).size() == 32);
    CHECK(random_hex(16) != random_hex(16));
}

TEST_CASE("a random UUID is of version 4 and does not repeat") {
    std::set<std::string> seen;
    for (int count = 0; count < 1000; ++count) {
        const std::string uuid = random_uuid();
        REQUIRE(uuid.size() == 36);
        REQUIRE(uuid.find_first_not_of("0123456789abcdef-") == std::string::npos);
        REQUIRE(uuid[14] == '4');
        REQUIRE(std::string("89ab").find(uuid[19]) != std::string::npos);
        for (const std::size_t dash : {8U, 13U, 18U, 23U}) {
            REQUIRE(uuid[dash] == '-');
        }
        REQUIRE(seen.insert(uuid).second);
    }
}

TEST_CASE("G2 a commitment fits the very tool and arguments it was made for") {
    const ActionCommitment commitment("send", R"({"to":"ann"})");
    CHECK(commitment.digest().size() == 64);
    CHECK(commitment.fits("send", R"({"to":"ann"})"));
    CHECK_FALSE(commitment.fits("send", R"({"to":"bob"})"));
    CHECK_FALSE(commitment.fits("delete", R"({"to":"ann"})"));
    CHECK_FALSE(commitment.fits("sen", R"(d{"to":"ann"})"));
}

TEST_CASE("H50 a short argument cannot be searched from its commitment, which differs each time") {
    const ActionCommitment first("unlock", R"({"pin":"1234"})");
    const ActionCommitment second("unlock", R"({"pin":"1234"})");
    CHECK(first.digest() != second.digest());
    CHECK(first.digest() != to_hex(digest_of_fields({"unlock", R"({"pin":"1234"})"})));
}

TEST_CASE("a copied or moved commitment still fits") {
    ActionCommitment original("send", "{}");
    const ActionCommitment copy = original;
    const ActionCommitment moved = std::move(original);
    CHECK(copy.fits("send", "{}"));
    CHECK(moved.fits("send", "{}"));
}

TEST_CASE("threads may draw randomness at once") {
    std::vector<std::string> drawn(8);
    {
        std::vector<std::jthread> threads;
        for (std::string& text : drawn) {
            threads.emplace_back([&text] { text = random_uuid(); });
        }
    }
    CHECK(std::set<std::string>(drawn.begin(), drawn.end()).size() == drawn.size());
}
