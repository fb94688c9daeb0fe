// Several chains side by side, as an engine writes them whose transactions do not wait for each other.
#include "record/audit_chain.hpp"
#include "support/catch.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

using namespace approvekit;
using record::AuditChain;
using record::AuditRecord;
using record::ChainHead;

namespace {

struct Link {
    std::int64_t sequence = 0;
    AuditRecord record;
    std::string hash;
};

/// Writes entries into lanes.
class Lanes {
public:
    void add(std::int64_t sequence, std::int64_t lane) {
        AuditRecord record;
        record.entry_id = "entry " + std::to_string(sequence);
        record.lane = lane;
        std::string& end = ends_[static_cast<std::size_t>(lane)];
        end = record::link_hash({sequence - 1, end}, sequence, record);
        links.push_back({sequence, record, end});
    }

    std::vector<Link> links;

private:
    std::vector<std::string> ends_ = std::vector<std::string>(3);
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

AuditReport report_on(const std::vector<Link>& links, std::int64_t mark = 0) {
    AuditChain chain(mark);
    for (const Link& link : links) {
        if (!chain.follow(link.sequence, link.record, link.hash)) break;
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
    CHECK(chain.follow(7, record, record::link_hash({1, first}, 7, record)));
}
