#include "base/agent_identity.hpp"

#include "support/catch.hpp"
#include "support/eventually.hpp"
#include "support/forked_child.hpp"

#include <fstream>
#include <limits>
#include <string>
#include <thread>

#include <sys/syscall.h>
#include <unistd.h>

using namespace approvekit::base;

namespace {

AgentIdentity identity_of(const ForkedChild& child) {
    auto identity = AgentIdentity::current();
    identity.pid = child.pid();
    identity.start_time = 0;
    return identity;
}

// Does not use pthread_join(), which the thread sanitizer does not know for a first thread.
bool first_thread_has_ended() {
    std::ifstream stat("/proc/self/stat");
    std::string line;
    return std::getline(stat, line) && line.find(") Z ") != std::string::npos;
}

}  // namespace

TEST_CASE("A process knows itself the same way each time, and that it lives") {
    const auto self = AgentIdentity::current();
    CHECK(self == AgentIdentity::current());
    CHECK(self.pid == ::getpid());
    CHECK_FALSE(self.boot_id.empty());
    CHECK_FALSE(has_exited(self, self));
}

TEST_CASE("A child is another process of the same system") {
    const auto self = AgentIdentity::current();
    const ForkedChild child([&](const ForkedChild::Report& report) {
        const auto other = AgentIdentity::current();
        report(other.boot_id == self.boot_id && other.pid_namespace == self.pid_namespace && other.pid != self.pid);
    });
    CHECK(child.reported() == 1);
}

TEST_CASE("H22 a killed process has exited, before its parent asks for it and after") {
    const auto self = AgentIdentity::current();
    ForkedChild child([](const ForkedChild::Report& report) {
        report(static_cast<int>(AgentIdentity::current().start_time));
        ForkedChild::linger();
    });
    auto agent = identity_of(child);
    agent.start_time = static_cast<std::uint64_t>(child.reported());
    CHECK_FALSE(has_exited(agent, self));

    child.kill();
    CHECK(eventually([&] { return has_exited(agent, self); }));
    child.wait();
    CHECK(has_exited(agent, self));
}

TEST_CASE("H22 a later process with the number of a dead one is told from it") {
    const auto self = AgentIdentity::current();
    auto earlier = self;
    REQUIRE(earlier.start_time > 0);
    --earlier.start_time;
    CHECK(has_exited(earlier, self));
}

TEST_CASE("A process whose first thread has ended while others run has not exited") {
    const auto self = AgentIdentity::current();
    const ForkedChild child([](const ForkedChild::Report& report) {
        std::thread([report] {
            if (!eventually(first_thread_has_ended)) return;
            report(static_cast<int>(AgentIdentity::current().start_time));
            ForkedChild::linger();
        }).detach();
        ::syscall(SYS_exit, 0);
    });
    auto agent = identity_of(child);
    agent.start_time = static_cast<std::uint64_t>(child.reported());
    CHECK_FALSE(has_exited(agent, self));
}

TEST_CASE("Nothing is said of processes of another system or of another namespace") {
    const auto self = AgentIdentity::current();
    auto agent = self;
    --agent.start_time;
    REQUIRE(has_exited(agent, self));
    SECTION("another run of the kernel") {
        agent.boot_id = "another";
    }
    SECTION("another namespace") {
        agent.pid_namespace = "pid:[1]";
    }
    CHECK_FALSE(has_exited(agent, self));
}

TEST_CASE("Numbers that no process can have count as exited") {
    const auto self = AgentIdentity::current();
    auto agent = self;
    agent.pid = GENERATE(std::int64_t{0}, std::int64_t{-1}, std::numeric_limits<std::int64_t>::min(),
                         std::numeric_limits<std::int64_t>::max());
    CHECK(has_exited(agent, self));
}
