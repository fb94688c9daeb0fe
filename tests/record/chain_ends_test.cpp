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

constexpr std::int64_t joined_at = 5;

ChainEnds ends_in_lanes() {
    ChainEnds ends(joined_at, hash_of('a'));
    ends.pass(6, 7, hash_of('c'));
    ends.pass(9, 0, hash_of('b'));
    return ends;
}

/// What the first entry of a lane follows after an entry in no lane.
std::string start_after(std::int64_t joined_place, const std::string& joined_hash) {
    const Digest digest = digest_of_fields({"approvekit lane 1", joined_hash, std::to_string(joined_place)});
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

}  // namespace

TEST_CASE("without lanes the end of a chain is stored and shown as the hash that it is") {
    const ChainEnds ends(joined_at, hash_of('a'));
    CHECK(ends.combined() == hash_of('a'));
    CHECK(ends.bytes() == hash_of('a'));
    CHECK(ends.text() == hex('a'));
    CHECK(ends.before(std::nullopt) == hash_of('a'));
    CHECK(ChainEnds().bytes().empty());
    CHECK(ChainEnds().text().empty());
}

TEST_CASE("with lanes the ends of all are stored and shown, in the order of the lanes, and one hash tells of each") {
    const ChainEnds ends = ends_in_lanes();
    const std::string text = hex('a') + "@5 0 " + hex('b') + " 7 " + hex('c');
    CHECK(ends.text() == text);
    CHECK(ends.bytes() == text);
    const Digest digest = digest_of_fields({"approvekit lanes 1", text});
    CHECK(record::hex_of(ends.combined()) == to_hex(digest));
    ChainEnds first;
    first.pass(1, 3, hash_of('d'));
    CHECK(first.text() == " 3 " + hex('d'));
    ChainEnds behind_foreign;
    behind_foreign.pass(1, std::nullopt, {});
    behind_foreign.pass(2, 3, hash_of('d'));
    CHECK(behind_foreign.text() == "@1 3 " + hex('d'));
}

TEST_CASE("an entry follows from the last one of its lane, else from the last one in none, and one in none from all") {
    ChainEnds ends = ends_in_lanes();
    CHECK(ends.before(0) == hash_of('b'));
    CHECK(ends.before(1) == start_after(joined_at, hash_of('a')));
    CHECK(ends.before(std::nullopt) == ends.combined());
    ends.pass(10, std::nullopt, hash_of('e'));
    CHECK_FALSE(ends.has_lanes());
    CHECK(ends.before(0) == start_after(10, hash_of('e')));
    CHECK(ChainEnds().before(0).empty());
}

TEST_CASE("lanes end with an entry that another program wrote, and a chain without lanes goes on behind it") {
    ChainEnds ends = ends_in_lanes();
    const std::string all = ends.combined();
    ends.pass(10, std::nullopt, {});
    CHECK(ends.before(0) == start_after(10, all));
    CHECK(ends.before(std::nullopt) == all);
    ChainEnds one(joined_at, hash_of('a'));
    one.pass(6, std::nullopt, {});
    CHECK(one.text() == hex('a'));
}

TEST_CASE("the first entry of a lane follows the place of another program's entry before it, which has no hash") {
    ChainEnds ends(joined_at, hash_of('a'));
    std::string before = ends.before(0);
    for (const std::int64_t next : {6, 7}) {
        ends.pass(next, std::nullopt, {});
        CHECK(ends.before(0) == start_after(next, hash_of('a')));
        CHECK(ends.before(0) != before);
        CHECK(ends.before(std::nullopt) == hash_of('a'));
        before = ends.before(0);
    }
    ChainEnds first;
    first.pass(1, std::nullopt, {});
    CHECK_FALSE(first.before(0).empty());
    CHECK(first.before(std::nullopt).empty());
}

TEST_CASE("what was stored or shown is read again as it was") {
    for (const ChainEnds& ends : {ChainEnds(joined_at, ""), ChainEnds(joined_at, hash_of('a')), ends_in_lanes()}) {
        for (const auto& read :
             {ChainEnds::of_bytes(ends.bytes(), joined_at), ChainEnds::of_text(ends.text(), joined_at)}) {
            CHECK(read.value().text() == ends.text());
            CHECK(read.value().before(1) == ends.before(1));
            CHECK(read.value().before(std::nullopt) == ends.before(std::nullopt));
        }
    }
    CHECK(ChainEnds::of_bytes("", 0).value().before(0).empty());
    ChainEnds far(std::numeric_limits<std::int64_t>::max(), hash_of('a'));
    far.pass(1, std::numeric_limits<std::int64_t>::max(), hash_of('a'));
    CHECK(ChainEnds::of_text(far.text(), 1));
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
             a + "@ 0 " + a,
             a + "@0 0 " + a,
             a + "@-1 0 " + a,
             a + "@01 0 " + a,
             a + "@1x 0 " + a,
             a + "@1@1 0 " + a,
             a + "@9223372036854775808 0 " + a,
             a + " @1 0 " + a,
             a + "@1",
             a.substr(2) + " 0 " + a,
             std::string(" "),
             std::string("none"),
             a + " 0 " + a + "\n",
             a + std::string(1, '\0'),
         }) {
        CAPTURE(text);
        CHECK_FALSE(ChainEnds::of_text(text, joined_at));
        CHECK_FALSE(ChainEnds::of_bytes(text, joined_at));
    }
    CHECK_FALSE(ChainEnds::of_bytes(a, joined_at));
    CHECK_FALSE(ChainEnds::of_bytes("0", joined_at));
    CHECK_FALSE(ChainEnds::of_text(hash_of('a'), joined_at));
}
