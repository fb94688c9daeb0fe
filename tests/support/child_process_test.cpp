#include "support/child_process.hpp"

#include "support/catch.hpp"

#include <chrono>
#include <csignal>
#include <string>

using approvekit::testing::ChildProcess;
using approvekit::testing::run;
using namespace std::chrono_literals;

TEST_CASE("A program that was run leaves its exit code and both its outputs") {
    const auto finished = run({"sh", "-c", "cat; echo oops >&2; exit 3"}, "hello");
    CHECK(finished.exit_code == 3);
    CHECK(finished.output == "hello");
    CHECK(finished.error_output == "oops\n");
}

TEST_CASE("More output than a pipe holds is read while the program runs") {
    CHECK(run({"sh", "-c", "head -c 1000000 /dev/zero"}).output.size() == 1000000);
}

TEST_CASE("A program can be talked to, and a signal that ends it shows in its exit code") {
    ChildProcess child({"cat"});
    child.write("one\n");
    child.wait_for_output("one\n");
    child.send_signal(SIGTERM);
    CHECK(child.wait() == 128 + SIGTERM);
}

TEST_CASE("Whoever waits in vain is told what the program said") {
    ChildProcess child({"sh", "-c", "echo so far; sleep 60"});
    child.wait_for_output("so far");
    CHECK_THROWS_WITH(child.wait(50ms), Catch::Matchers::ContainsSubstring("so far"));
}

TEST_CASE("A program in a terminal sees one, and Ctrl+C reaches it") {
    ChildProcess child({"sh", "-c", "test -t 0 && test -t 1 && echo terminal; exec cat"},
                       {.environment = {}, .terminal = true});
    child.wait_for_output("terminal");
    child.write("\x03");
    CHECK(child.wait() == 128 + SIGINT);
}

TEST_CASE("The environment of a program can be changed") {
    ::setenv("APPROVEKIT_TEST_REMOVED", "1", 1);
    const auto finished = run({"sh", "-c", "echo $APPROVEKIT_TEST_SET-$APPROVEKIT_TEST_REMOVED"}, {},
                              {.environment = {"APPROVEKIT_TEST_SET=2", "APPROVEKIT_TEST_REMOVED"}, .terminal = false});
    CHECK(finished.output == "2-\n");
}
