// An archive that is cut short at some point is finished by the next one, or leaves nothing behind.
#include "record/contract/archived.hpp"

#include <chrono>
#include <fstream>
#include <ios>
#include <memory>
#include <stdexcept>
#include <string>

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
