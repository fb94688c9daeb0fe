// Where the chains of a record end, as this is stored and shown.
#include "record/chain_ends.hpp"

#include "approvekit/digest.hpp"
#include "support/catch.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>

using namespace approvekit;
using record::ChainEnds;

namespace {

std::string hash_of(char letter) {
    return std::string(32, letter);
}

std::string hex(char letter) {
    return record::hex_of(hash_of(letter));
}

ChainEnds ends_in_lanes() {
    ChainEnds ends(hash_of('a'));
    ends.pass(7, hash_of('c'));
    ends.pass(0, hash_of('b'));
    return ends;
}

}  // namespace

TEST_CASE("without lanes the end of a chain is stored and shown as the hash that it is") {
    const ChainEnds ends(hash_of('a'));
    CHECK(ends.combined() == hash_of('a'));
    CHECK(ends.bytes() == hash_of('a'));
    CHECK(ends.text() == hex('a'));
    CHECK(ends.before(std::nullopt) == hash_of('a'));
    CHECK(ChainEnds().bytes().empty());
    CHECK(ChainEnds().text().empty());
}

TEST_CASE("with lanes the ends of all are stored and shown, in the order of the lanes, and one hash tells of each") {
    const ChainEnds ends = ends_in_lanes();
    const std::string text = hex('a') + " 0 " + hex('b') + " 7 " + hex('c');
    CHECK(ends.text() == text);
    CHECK(ends.bytes() == text);
    const Digest digest = digest_of_fields({"approvekit lanes 1", text});
    CHECK(record::hex_of(ends.combined()) == to_hex(digest));
    ChainEnds first;
    first.pass(3, hash_of('d'));
    CHECK(first.text() == " 3 " + hex('d'));
}

TEST_CASE("an entry follows from the last one of its lane, else from the last one in none, and one in none from all") {
    ChainEnds ends = ends_in_lanes();
    CHECK(ends.before(0) == hash_of('b'));
    CHECK(ends.before(1) == hash_of('a'));
    CHECK(ends.before(std::nullopt) == ends.combined());
    ends.pass(std::nullopt, hash_of('e'));
    CHECK_FALSE(ends.has_lanes());
    CHECK(ends.before(0) == hash_of('e'));
}

TEST_CASE("lanes end with an entry that another program wrote, and a chain without lanes goes on behind it") {
    ChainEnds ends = ends_in_lanes();
    const std::string all = ends.combined();
    ends.pass(std::nullopt, {});
    CHECK(ends.before(0) == all);
    CHECK(ends.before(std::nullopt) == all);
    ChainEnds one(hash_of('a'));
    one.pass(std::nullopt, {});
    CHECK(one.text() == hex('a'));
}

TEST_CASE("what was stored or shown is read again as it was") {
    for (const ChainEnds& ends : {ChainEnds(), ChainEnds(hash_of('a')), ends_in_lanes()}) {
        CHECK(ChainEnds::of_bytes(ends.bytes()).value().text() == ends.text());
        CHECK(ChainEnds::of_text(ends.text()).value().text() == ends.text());
    }
    ChainEnds far;
    far.pass(std::numeric_limits<std::int64_t>::max(), hash_of('a'));
    CHECK(ChainEnds::of_text(far.text()));
}

TEST_CASE("the ends of chains that are not written as they are shown are refused") {
    const std::string a = hex('a');
    for (const std::string& text : {
             a.substr(2),
             a + "00",
             "A" + a.substr(1),
             a + " ",
             " " + a,
             a + " 0",
             a + " 0 ",
             a + " 0 " + a.substr(2),
             a + " 0 " + a + " ",
             a + "  0 " + a,
             a + " 0  " + a,
             a + " 00 " + a,
             a + " +1 " + a,
             a + " -0 " + a,
             a + " 1x " + a,
             a + " 1 " + a + " 0 " + a,
             a + " 1 " + a + " 1 " + a,
             a + " 9223372036854775808 " + a,
             a.substr(2) + " 0 " + a,
             std::string(" "),
             std::string("none"),
             a + " 0 " + a + "\n",
             a + std::string(1, '\0'),
         }) {
        CAPTURE(text);
        CHECK_FALSE(ChainEnds::of_text(text));
        CHECK_FALSE(ChainEnds::of_bytes(text));
    }
    CHECK_FALSE(ChainEnds::of_bytes(a));
    CHECK_FALSE(ChainEnds::of_bytes("0"));
    CHECK_FALSE(ChainEnds::of_text(hash_of('a')));
}
