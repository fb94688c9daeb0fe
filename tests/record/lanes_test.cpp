// Several lanes, as an engine writes them whose transactions do not wait for each other.
#include "record/audit_chain.hpp"
#include "support/catch.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace approvekit;
using record::AuditChain;
using record::AuditRecord;
using record::ChainEnds;

namespace {

using Lane = std::optional<std::int64_t>;

struct Link {
    std::int64_t sequence = 0;
    AuditRecord record;
    std::string hash;  // empty: another program wrote it
};

/// Writes entries into lanes, or into none.
class Lanes {
public:
    void add(std::int64_t sequence, Lane lane) { add_behind(sequence, lane, ends_.before(lane)); }
    void add_behind(std::int64_t sequence, Lane lane, const std::string& before) {
        AuditRecord record;
        record.entry_id = "entry " + std::to_string(sequence);
        record.lane = lane;
        const std::string hash = record::link_hash(before, sequence, record);
        links.push_back({sequence, record, hash});
        ends_.pass(sequence, lane, hash);
    }
    void add_foreign(std::int64_t sequence) {
        links.push_back({sequence, {}, {}});
        ends_.pass(sequence, std::nullopt, {});
    }
    [[nodiscard]] const ChainEnds& ends() const { return ends_; }

    std::vector<Link> links;

private:
    ChainEnds ends_;
};

Lanes some_lanes() {
    Lanes lanes;
    lanes.add(1, 0);
    lanes.add(2, 2);
    lanes.add(5, 0);
    lanes.add(6, 1);
    lanes.add(9, 2);
    return lanes;
}

/// The same, then an entry in no lane, and others after it.
Lanes joined_lanes() {
    Lanes lanes = some_lanes();
    lanes.add(10, std::nullopt);
    lanes.add(12, 2);
    lanes.add(13, 4);
    lanes.add(20, 2);
    return lanes;
}

AuditReport report_on(const std::vector<Link>& links, std::int64_t mark = 0) {
    AuditChain chain(mark);
    for (const Link& link : links) {
        const bool fits = link.hash.empty() ? chain.pass_foreign(link.sequence, "another's")
                                            : chain.follow(link.sequence, link.record, link.hash);
        if (!fits) break;
    }
    return chain.report();
}

}  // namespace

TEST_CASE("G8 entries of several lanes fit, each behind the last one of its lane, and places may be left out") {
    const AuditReport report = report_on(some_lanes().links);
    CHECK(report.intact());
    CHECK(report.entries == 5);
    CHECK(report.sequence == 9);
}

TEST_CASE("G8 a lane of which an entry was changed, removed, moved or put elsewhere does not fit") {
    std::vector<Link> links = some_lanes().links;
    SECTION("changed") {
        links[1].record.tool_name = "another";
    }
    SECTION("removed") {
        links.erase(links.begin());
    }
    SECTION("moved") {
        links[2].sequence = 4;
    }
    SECTION("out of order") {
        std::swap(links[1], links[2]);
    }
    SECTION("in another lane") {
        links[3].record.lane = 2;
    }
    SECTION("first of another lane") {
        links[1].record.lane = 1;
    }
    SECTION("in no lane") {
        links[4].record.lane = std::nullopt;
    }
    CHECK_FALSE(report_on(links).intact());
}

TEST_CASE("G8 the head of several lanes tells of the end of each") {
    std::vector<Link> links = some_lanes().links;
    const AuditReport whole = report_on(links, 9);
    CHECK(whole.marked == whole.head);
    CHECK(report_on(some_lanes().links, 6).marked != whole.head);
    links.erase(links.begin() + 3);  // all that lane 1 has: the others do not show it
    const AuditReport cut = report_on(links, 9);
    CHECK(cut.intact());
    CHECK(cut.marked != whole.marked);
}

TEST_CASE("what has no lane is linked as it was before there were lanes") {
    AuditRecord record;
    record.entry_id = "the first one";
    const std::string first = record::link_hash({}, 1, record);
    AuditChain chain;
    CHECK(chain.follow(1, record, first));
    record.lane = 0;
    CHECK(record::link_hash({}, 1, record) != first);
    CHECK(chain.follow(7, record, record::link_hash(ChainEnds(1, first).before(0), 7, record)));
}

TEST_CASE("G8 an entry in no lane follows from the ends of all lanes, and other lanes go on behind it") {
    const std::vector<Link> links = joined_lanes().links;
    const AuditReport report = report_on(links, 10);
    CHECK(report.intact());
    CHECK(report.entries == 9);
    CHECK(report.marked == record::hex_of(links[5].hash));
}

TEST_CASE("G8 lanes that an entry in none of them has joined cannot be changed unnoticed any more") {
    std::vector<Link> links = joined_lanes().links;
    REQUIRE(report_on(links).intact());
    SECTION("the end of a lane before it is removed, which nothing but a checkpoint would show otherwise") {
        links.erase(links.begin() + 3);
    }
    SECTION("one is put in before it at the end of a lane") {
        Lanes lanes = some_lanes();
        AuditRecord record;
        record.lane = 1;
        const std::string before = lanes.ends().before(1);
        links.insert(links.begin() + 4, {7, record, record::link_hash(before, 7, record)});
    }
    SECTION("it is removed") {
        links.erase(links.begin() + 5);
    }
    SECTION("it is removed with all that is behind it in one lane") {
        std::erase_if(links, [](const Link& link) { return link.sequence == 10 || link.record.lane == 2; });
    }
    SECTION("it is said to be in a lane") {
        links[5].record.lane = 0;
    }
    SECTION("one behind it is moved to another lane") {
        links[6].record.lane = 4;
    }
    SECTION("the first one of a lane behind it is removed") {
        links.erase(links.begin() + 6);
    }
    CHECK_FALSE(report_on(links).intact());
}

TEST_CASE("G8 an entry in no lane that leaves out a lane, or a place, does not fit") {
    SECTION("a lane") {
        Lanes lanes = some_lanes();
        ChainEnds without;
        for (const Link& link : lanes.links) {
            if (link.record.lane != 1) without.pass(link.sequence, link.record.lane, link.hash);
        }
        lanes.add_behind(10, std::nullopt, without.combined());
        CHECK_FALSE(report_on(lanes.links).intact());
    }
    SECTION("a place") {
        Lanes lanes = some_lanes();
        lanes.add(11, std::nullopt);
        CHECK(report_on(lanes.links).fault->what == "the entry before it, in place 10, is missing");
    }
}

TEST_CASE("G8 a lane that goes on from its own end though an entry in none came between does not fit") {
    Lanes lanes = some_lanes();
    const std::string own = lanes.ends().before(2);
    lanes.add(10, std::nullopt);
    lanes.add_behind(11, 2, own);
    CHECK_FALSE(report_on(lanes.links).intact());
}

TEST_CASE("G8 an entry of another program is behind all lanes, and cannot be put in among their entries") {
    Lanes lanes = some_lanes();
    lanes.add_foreign(10);
    lanes.add(11, std::nullopt);
    CHECK(report_on(lanes.links).intact());
    Lanes in_lanes = some_lanes();
    in_lanes.add_foreign(10);
    in_lanes.add(15, 1);
    CHECK(report_on(in_lanes.links).intact());
    in_lanes.links.erase(in_lanes.links.begin() + 5);
    CHECK_FALSE(report_on(in_lanes.links).intact());
    std::vector<Link> links = some_lanes().links;
    links.insert(links.begin() + 2, {3, {}, {}});
    CHECK_FALSE(report_on(links).intact());
    links = some_lanes().links;
    links.insert(links.begin() + 4, {8, {}, {}});
    CHECK_FALSE(report_on(links).intact());
}

TEST_CASE(
    "G8 entries of another program before the first one of a lane cannot be removed, nor put in where places are") {
    Lanes lanes;
    SECTION("after an entry in no lane") {
        lanes.add(1, std::nullopt);
    }
    SECTION("at the beginning") {
        lanes.add_foreign(1);
    }
    SECTION("after lanes, which the first of them joins") {
        lanes.add(1, 0);
    }
    lanes.add_foreign(2);
    lanes.add_foreign(3);
    lanes.add(4, 0);
    lanes.add(6, 1);
    REQUIRE(report_on(lanes.links).intact());
    for (const auto& [first, last] : {std::pair{1, 3}, std::pair{1, 2}, std::pair{2, 3}}) {
        std::vector<Link> links = lanes.links;
        links.erase(links.begin() + first, links.begin() + last);
        CHECK_FALSE(report_on(links).intact());
    }
    for (const std::int64_t place : {4, 5}) {
        std::vector<Link> links = lanes.links;
        std::erase_if(links, [&](const Link& link) { return link.sequence == place; });
        links.insert(links.begin() + (place - 1), {place, {}, {}});
        CHECK_FALSE(report_on(links).intact());
    }
}

TEST_CASE("G8 another program's entry cannot be put into a place that was left out after an entry in no lane") {
    Lanes lanes = some_lanes();
    lanes.add(10, std::nullopt);
    lanes.add(12, 2);
    REQUIRE(report_on(lanes.links).intact());
    lanes.links.insert(lanes.links.begin() + 6, {11, {}, {}});
    CHECK_FALSE(report_on(lanes.links).intact());
}

TEST_CASE("G8 an archive may end with another program's entry, after which a lane begins") {
    Lanes archived = some_lanes();
    archived.add_foreign(10);
    Lanes all = archived;
    all.add(12, 2);
    AuditChain chain;
    chain.begin_behind({10, ChainEnds::of_text(archived.ends().text(), 10).value(), "the first one"});
    CHECK(chain.follow(12, all.links.back().record, all.links.back().hash));
}

TEST_CASE("G8 a chain that begins behind an archive goes on in each lane from where that ended") {
    const Lanes all = joined_lanes();
    Lanes archived = some_lanes();
    const record::ChainStart start{9, ChainEnds::of_text(archived.ends().text(), 9).value(), "the first one"};
    AuditChain chain(9);
    chain.begin_behind(start);
    CHECK(chain.report().marked == record::hex_of(archived.ends().combined()));
    for (std::size_t index = 5; index < all.links.size(); ++index)
        CHECK(chain.follow(all.links[index].sequence, all.links[index].record, all.links[index].hash));
    CHECK(chain.report().head == record::hex_of(all.ends().combined()));
}
