// An archive that is cut short at some point is finished by the next one, or leaves nothing behind.
#include "record/contract/archived.hpp"
#include "record/contract/granted.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <ios>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

using namespace approvekit;
using namespace approvekit::contract;
using namespace std::chrono_literals;

namespace {

struct CutShort : std::runtime_error {
    CutShort() : std::runtime_error("cut short") {}
};

/// As of somebody who is killed while entries are removed.
void cut_removal_short(const Archived& agent) {
    for (int call = 0; call < 60; ++call)
        static_cast<void>(agent.allowed_and_ended());  // more entries than are removed at once
    agent.engine->clock->pass(1min);
    ArchiveOrder order = agent.order("first");
    order.progress = [&](std::int64_t) {
        if (!agent.other->archives().empty()) throw CutShort();
    };
    CHECK_THROWS_AS(agent.other->archive(order), CutShort);
}

void end_one(const Archived& agent, std::vector<std::string>& open) {
    agent.storage->finish({open.back(), std::string(auto_request_id), "read_file", RunState::executed, ""});
    agent.storage->flush();
    open.pop_back();
}

/// Tries to make that archive until it is made. Each time it is cut short a little later, and one call less is open, so
/// that something else is to stay. Returns how many times it tried.
int cut_everywhere(const Archived& agent, std::vector<std::string>& open, const std::string& name) {
    for (int cuts = 0;; ++cuts) {
        REQUIRE_FALSE(open.empty());
        end_one(agent, open);
        agent.engine->clock->pass(1s);
        ArchiveOrder order = agent.order(name);
        int steps = 0;
        order.progress = [&](std::int64_t) {
            if (steps++ == cuts) throw CutShort();
        };
        try {
            static_cast<void>(agent.other->archive(order));
            return cuts;
        } catch (const CutShort&) {
            CHECK(agent.fault() == "");
        }
    }
}

void change_byte(const std::filesystem::path& path, char to) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(300);
    file.put(to);
}

}  // namespace

ARCHIVE_TEST("nothing more is removed while the file of an archive has another byte than it was written with") {
    const Archived agent(std::make_unique<TestType>());
    cut_removal_short(agent);
    const std::set<std::int64_t> left = agent.places();
    REQUIRE(left.size() > 2);
    const char before = agent.text_of("first").at(300);
    change_byte(agent.folder / "first", before == '#' ? '+' : '#');
    CHECK(error_code_of([&] { static_cast<void>(agent.archive("second")); }) == ErrorCode::storage_corrupt);
    CHECK(agent.places() == left);
    change_byte(agent.folder / "first", before);
    static_cast<void>(agent.archive("second"));
    CHECK(agent.places().size() < left.size());
    CHECK(agent.read("first").audit.intact());
    CHECK(agent.fault() == "");
}

// Within the minute after which the request of the fixture ends, and has an entry too.
ARCHIVE_TEST("an archive that is cut short wherever it can be leaves the record whole, and nothing that counts later") {
    const Archived agent(std::make_unique<TestType>());
    std::vector<std::string> open;
    for (int call = 0; call < 50; ++call)
        open.push_back(agent.allowed());
    CHECK(cut_everywhere(agent, open, "first") > 5);
    // Of this one entries that the first one left are about to go.
    CHECK(cut_everywhere(agent, open, "second") > 5);
    while (!open.empty())
        end_one(agent, open);
    static_cast<void>(agent.archive("third", 1s));
    CHECK(agent.places().size() == 3);  // the entries of the archives
    CHECK(agent.fault() == "");
}

ARCHIVE_TEST("more entries than are written at once stay with one archive, and go with the next") {
    const Archived agent(std::make_unique<TestType>());
    std::vector<std::string> open;
    for (int call = 0; call < 300; ++call)
        open.push_back(agent.allowed());
    CHECK(agent.archive("first", 10s).kept == 300);
    CHECK(agent.fault() == "");
    while (!open.empty())
        end_one(agent, open);
    const ArchiveResult second = agent.archive("second", 10s);
    CHECK(second.kept == 1);  // the entry of the first archive
    CHECK(second.removed == 600);
    CHECK(agent.places().size() == 2);
    CHECK(agent.fault() == "");
}

ARCHIVE_TEST("two who archive into different files at once leave a record that is whole") {
    const int step = GENERATE(0, 3, 5, 6, 7, 8, 9);
    CAPTURE(step);
    const Archived agent(std::make_unique<TestType>());
    agent.live_through();
    static_cast<void>(agent.allowed());
    agent.engine->clock->pass(1min);
    ArchiveOrder order = agent.order("first");
    int steps = 0;
    order.progress = [&](std::int64_t) {
        if (steps++ == step) static_cast<void>(agent.storage->archive(agent.order("second")));
    };
    try {
        static_cast<void>(agent.other->archive(order));
    } catch (const StorageError& error) {
        CHECK(error.code() == ErrorCode::storage_busy);
    }
    CHECK(agent.other->archives().size() == 1);
    CHECK(agent.fault() == "");
}

ARCHIVE_TEST("a grant with many uses goes little by little, and the record is whole in between") {
    const Granted granting(std::make_unique<TestType>());
    ApprovalRequest held = Granted::grantable_request(*granting.engine->clock);
    held.metadata[grants_key]["uses"] = 250;
    held.view_digest = view_digest(held);
    granting.storage->submit(held);
    granting.storage->decide(Granted::approval_of(held, terms_of(250)));
    const Grant grant = *granting.storage->find_grant(held.id);
    for (int use = 0; use < 250; ++use) {
        granting.storage->finish({granting.start(grant), std::string(auto_request_id), grant.tool_name,
                                  RunState::executed, "", false, grant.id});
    }
    granting.storage->flush();
    granting.engine->clock->pass(2h);
    static_cast<void>(granting.storage->sweep());
    granting.engine->clock->pass(1min);
    const TemporaryDirectory folder;
    std::set<std::int64_t> used;
    ArchiveOrder order;
    order.before = granting.engine->clock->now();
    order.file = folder / "first";
    order.reviewer = "ana";
    order.progress = [&](std::int64_t) {
        CHECK(granting.fault() == "");
        // One that has not met the grant before tells what is on record alone.
        if (const auto found = granting.engine->open()->find_grant(grant.id)) used.insert(found->used);
    };
    static_cast<void>(granting.other->archive(order));
    CHECK(used == std::set<std::int64_t>{50, 150, 250});
    CHECK_FALSE(granting.other->find_grant(grant.id));
    CHECK(granting.fault() == "");
}
