#include "sqlite/lease.hpp"

#include "sqlite/bell.hpp"

#include "approvekit/error.hpp"
#include "support/catch.hpp"
#include "support/eventually.hpp"
#include "support/forked_child.hpp"
#include "support/temporary_directory.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <limits>
#include <memory>
#include <string>

#include <sys/syscall.h>
#include <unistd.h>

using namespace approvekit;
using namespace approvekit::sqlite;
using namespace std::chrono_literals;

namespace {

const Time start{std::chrono::sys_days{std::chrono::year{2026} / 1 / 31}};

bool is_locked(const std::filesystem::path& database, std::int64_t number) {
    return LeaseProbe(database).is_locked(number);
}

AgentIdentity on_another_host() {
    auto agent = AgentIdentity::current();
    agent.boot_id = "another host";
    return agent;
}

ErrorCode code_of_taking(const std::filesystem::path& database, std::int64_t number) {
    try {
        const Lease lease(database, number, start);
    } catch (const StorageError& error) {
        return error.code();
    }
    FAIL("the lease was taken");
    return {};
}

}  // namespace

TEST_CASE("A lease is seen for exactly as long as it lives") {
    const TemporaryDirectory directory;
    const auto database = directory / "a.db";
    {
        const Lease lease(database, 7, start);
        CHECK(is_locked(database, 7));
        CHECK_FALSE(is_locked(database, 6));
        CHECK_FALSE(is_locked(database, 8));
        CHECK_FALSE(LeaseProbe(database).is_gone(AgentIdentity::current(), 7, start));
    }
    CHECK_FALSE(is_locked(database, 7));
    CHECK(LeaseProbe(database).is_gone(AgentIdentity::current(), 7, start));
}

TEST_CASE("A lease survives that the same process opens and closes the bell elsewhere") {
    const TemporaryDirectory directory;
    const auto database = directory / "a.db";
    const Lease lease(database, 0, start);
    { Bell(database).ring(); }
    { const Lease other(database, 1, start); }
    CHECK(is_locked(database, 0));
}

TEST_CASE("A number that is held is refused to everybody else") {
    const TemporaryDirectory directory;
    const auto database = directory / "a.db";
    const Lease lease(database, 3, start);
    CHECK(code_of_taking(database, 3) == ErrorCode::storage_busy);
    const ForkedChild child(
        [&](const ForkedChild::Report& report) { report(static_cast<int>(code_of_taking(database, 3))); });
    CHECK(child.reported() == static_cast<int>(ErrorCode::storage_busy));
}

TEST_CASE("H22 G6 the kernel frees the lease of a killed agent") {
    const TemporaryDirectory directory;
    const auto database = directory / "a.db";
    ForkedChild agent([&](const ForkedChild::Report& report) {
        const Lease lease(database, 2, start);
        report();
        ForkedChild::linger();
    });
    auto identity = AgentIdentity::current();
    identity.pid = agent.pid();
    identity.start_time = 0;
    REQUIRE(is_locked(database, 2));
    REQUIRE_FALSE(LeaseProbe(database).is_gone(identity, 2, start));

    agent.kill();
    CHECK(eventually([&] { return LeaseProbe(database).is_gone(identity, 2, start); }));
    CHECK(eventually([&] { return !is_locked(database, 2); }));
}

TEST_CASE("H29 a lease goes with its process, though a child that it forked lives on") {
    const TemporaryDirectory directory;
    const auto database = directory / "a.db";
    ForkedChild agent([&](const ForkedChild::Report& report) {
        const Lease lease(database, 2, start);
        const auto heir = ::fork();
        if (heir == 0) ForkedChild::linger();
        report(heir);
        ForkedChild::linger();
    });
    CHECK(is_locked(database, 2));
    agent.kill();
    agent.wait();
    CHECK(eventually([&] { return !is_locked(database, 2); }));  // the child may just be starting
    ::kill(agent.reported(), SIGKILL);
}

TEST_CASE("H22 H29 an agent is gone though a child that it made past the C library still holds its lock") {
    const TemporaryDirectory directory;
    const auto database = directory / "a.db";
    ForkedChild agent([&](const ForkedChild::Report& report) {
        const Lease lease(database, 2, start);
        const auto heir = ::syscall(SYS_clone, SIGCHLD, nullptr, nullptr, nullptr, nullptr);
        if (heir == 0) ForkedChild::linger();
        report(static_cast<int>(heir));
        ForkedChild::linger();
    });
    auto identity = AgentIdentity::current();
    identity.pid = agent.pid();
    identity.start_time = 0;
    agent.kill();
    agent.wait();

    CHECK(is_locked(database, 2));
    CHECK(LeaseProbe(database).is_gone(identity, 2, start));
    ::kill(agent.reported(), SIGKILL);
    CHECK(eventually([&] { return !is_locked(database, 2); }));
}

TEST_CASE("H29 a forked child that drops its copy leaves the lease to its parent") {
    const TemporaryDirectory directory;
    const auto database = directory / "a.db";
    auto lease = std::make_unique<Lease>(database, 2, start);
    ForkedChild child([&](const ForkedChild::Report& report) {
        lease.reset();
        report();
    });
    CHECK(child.wait() == 0);
    CHECK(is_locked(database, 2));
}

TEST_CASE("A lease that is given up is free though a forked child keeps the file open") {
    const TemporaryDirectory directory;
    const auto database = directory / "a.db";
    auto lease = std::make_unique<Lease>(database, 2, start);
    const ForkedChild child([](const ForkedChild::Report& report) {
        report();
        ForkedChild::linger();
    });
    lease.reset();
    CHECK_FALSE(is_locked(database, 2));
}

TEST_CASE("H22 a lock that is held does not keep an agent whose process is another by now") {
    const TemporaryDirectory directory;
    const auto database = directory / "a.db";
    const Lease lease(database, 0, start);
    auto earlier = AgentIdentity::current();
    --earlier.start_time;
    CHECK(LeaseProbe(database).is_gone(earlier, 0, start));
}

TEST_CASE("In another namespace of the same kernel the lock alone decides") {
    const TemporaryDirectory directory;
    const auto database = directory / "a.db";
    auto agent = AgentIdentity::current();
    agent.pid_namespace = "pid:[1]";
    agent.pid = std::numeric_limits<int>::max();
    {
        const Lease lease(database, 0, start);
        CHECK_FALSE(LeaseProbe(database).is_gone(agent, 0, start + 24h));
    }
    CHECK(LeaseProbe(database).is_gone(agent, 0, start));
}

TEST_CASE("G6 on another host the heartbeat decides, whatever locks are seen here") {
    const TemporaryDirectory directory;
    const auto database = directory / "a.db";
    const auto agent = on_another_host();
    Lease lease(database, 5, start);
    const LeaseProbe probe(database);
    CHECK(probe.last_beat(5) == start);
    CHECK_FALSE(probe.is_gone(agent, 5, start + heartbeat_limit));
    CHECK(probe.is_gone(agent, 5, start + heartbeat_limit + 1us));

    lease.beat(start + 20s);
    CHECK(probe.last_beat(5) == start + 20s);
    CHECK_FALSE(probe.is_gone(agent, 5, start + 50s));
    CHECK(probe.is_gone(agent, 5, start + 50s + 1us));
}

TEST_CASE("G6 a heartbeat from the future does not keep an agent alive until then") {
    const TemporaryDirectory directory;
    const auto database = directory / "a.db";
    const Lease lease(database, 0, start);
    CHECK(LeaseProbe(database).is_gone(on_another_host(), 0, start - heartbeat_limit - 1us));
}

TEST_CASE("G6 H68 a session whose slot is empty, or holds rubbish, is given time to beat again") {
    const TemporaryDirectory directory;
    const auto database = directory / "a.db";
    const auto agent = GENERATE_COPY(AgentIdentity::current(), on_another_host());
    const Lease lease(database, 1, start);
    std::ofstream(bell_path(database), std::ios::in | std::ios::out | std::ios::ate) << std::string(4096, '\xff');
    const auto number = GENERATE(std::int64_t{0}, std::int64_t{2}, std::int64_t{5000});
    CAPTURE(number);
    CHECK_FALSE(LeaseProbe(database).last_beat(number));
    CHECK_FALSE(LeaseProbe(database).is_gone(agent, number, start));
    CHECK_FALSE(LeaseProbe(database).is_gone(agent, number, start + heartbeat_limit));
    CHECK(LeaseProbe(database).is_gone(agent, number, start + heartbeat_limit + 1us));
}

TEST_CASE("H68 a lease is taken again in the bell that stands there, at the next beat") {
    const TemporaryDirectory directory;
    const auto database = directory / "a.db";
    const auto self = AgentIdentity::current();
    auto lease = std::make_unique<Lease>(database, 3, start);
    std::filesystem::remove(bell_path(database));
    CHECK_FALSE(LeaseProbe(database).is_gone(self, 3, start));
    lease->beat(start);
    CHECK(is_locked(database, 3));
    CHECK_FALSE(LeaseProbe(database).is_gone(self, 3, start + 24h));
    lease.reset();
    CHECK(LeaseProbe(database).is_gone(self, 3, start));
}

TEST_CASE("Any time that can be written is read back") {
    const TemporaryDirectory directory;
    const auto time = GENERATE(Time{}, Time{-1us}, Time::min(), Time::max(), start + 123456us);
    const Lease lease(directory / "a.db", 0, time);
    CHECK(LeaseProbe(directory / "a.db").last_beat(0) == time);
}

TEST_CASE("H68 without a bell file, looking makes one in which an agent that lives is soon seen again") {
    const TemporaryDirectory directory;
    const auto database = directory / "a.db";
    const auto agent = GENERATE_COPY(AgentIdentity::current(), on_another_host());
    CHECK_FALSE(LeaseProbe(database).is_gone(agent, 0, start));
    CHECK(std::filesystem::exists(bell_path(database)));
    CHECK(LeaseProbe(database).is_gone(agent, 0, start + heartbeat_limit + 1us));
}

TEST_CASE("Session numbers that only a tampered database holds are refused or count as gone") {
    const TemporaryDirectory directory;
    const auto database = directory / "a.db";
    const Bell bell(database);
    const auto number = GENERATE(std::int64_t{-1}, std::numeric_limits<std::int64_t>::min(),
                                 std::numeric_limits<std::int64_t>::max(), std::int64_t{1} << 40);
    CHECK(code_of_taking(database, number) == ErrorCode::storage_corrupt);
    CHECK(LeaseProbe(database).is_gone(AgentIdentity::current(), number, start));
    CHECK(LeaseProbe(database).is_gone(on_another_host(), number, start));
}

TEST_CASE("Where leases cannot be locked, the process and its heartbeat decide") {
    const TemporaryDirectory directory;
    const auto database = directory / "a.db";
    { const Lease lease(database, 0, start); }
    const auto self = AgentIdentity::current();
    REQUIRE(LeaseProbe(database).is_gone(self, 0, start));

    constexpr std::streamoff mark_of_slot_0 = 4096 + 8;
    std::fstream(bell_path(database)).seekp(mark_of_slot_0) << 'H';
    const LeaseProbe probe(database);
    CHECK(probe.is_heartbeat_only(0));
    CHECK_FALSE(probe.is_gone(self, 0, start + heartbeat_limit));
    CHECK(probe.is_gone(self, 0, start + heartbeat_limit + 1us));
}

TEST_CASE("The first free slot is taken, and no more than a hundred are tried") {
    const TemporaryDirectory directory;
    const auto database = directory / "a.db";
    const Lease first(database, 7, start);
    const auto second = take_free_lease(database, 7, start);
    CHECK(second->number() == 8);

    std::vector<std::unique_ptr<Lease>> all;
    for (int taken = 0; taken < 98; ++taken)
        all.push_back(take_free_lease(database, 7, start));
    CHECK(all.back()->number() == 106);
    try {
        static_cast<void>(take_free_lease(database, 7, start));
        FAIL("a slot was found");
    } catch (const StorageError& error) {
        CHECK(error.code() == ErrorCode::storage_busy);
    }
}
