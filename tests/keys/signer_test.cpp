#include "approvekit/signer.hpp"

#include "approvekit/reviewer_key.hpp"
#include "support/catch.hpp"

using namespace approvekit;

TEST_CASE("a signature fits its statement and its key alone") {
    const ReviewerKey ada = ReviewerKey::generate("ada");
    const ReviewerKey ben = ReviewerKey::generate("ben");
    const std::string signature = ada.sign("I said this");

    CHECK(is_signed_by(ada.public_key(), "I said this", signature));
    CHECK_FALSE(is_signed_by(ada.public_key(), "I said that", signature));
    CHECK_FALSE(is_signed_by(ben.public_key(), "I said this", signature));
}

TEST_CASE("what is malformed is signed by nobody") {
    const ReviewerKey ada = ReviewerKey::generate("ada");
    const std::string signature = ada.sign("text");
    for (const std::string& broken : {std::string(), std::string("AAAA"), signature + "A", signature.substr(4),
                                      std::string(88, 'A'), std::string("\xff\0", 2)}) {
        CAPTURE(broken);
        CHECK_FALSE(is_signed_by(ada.public_key(), "text", broken));
        CHECK_FALSE(is_signed_by(broken, "text", signature));
    }
}

TEST_CASE("no flipped bit of a signature goes unseen") {
    const ReviewerKey ada = ReviewerKey::generate("ada");
    const std::string signature = ada.sign("text");
    for (std::size_t at = 0; at < signature.size(); ++at) {
        std::string flipped = signature;
        flipped[at] = flipped[at] == 'A' ? 'B' : 'A';
        CHECK_FALSE(is_signed_by(ada.public_key(), "text", flipped));
    }
}

TEST_CASE("keys have short names that differ") {
    const ReviewerKey ada = ReviewerKey::generate("ada");
    CHECK(key_id(ada.public_key()).size() == 16);
    CHECK(key_id(ada.public_key()) != key_id(ReviewerKey::generate("ada").public_key()));
}

TEST_CASE("a public key is 32 bytes on the curve") {
    CHECK(is_public_key(ReviewerKey::generate("ada").public_key()));
    CHECK_FALSE(is_public_key(""));
    CHECK_FALSE(is_public_key("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="));
    CHECK_FALSE(is_public_key("c2hvcnQ="));
}
