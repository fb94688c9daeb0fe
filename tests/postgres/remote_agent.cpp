// An agent for tests/postgres/two_hosts. Makes a call that is held, prints its request's id, and then what happened to
// it. Or makes calls that the policy allows, and prints their number every second, until it is killed.
#include "approvekit/approvekit.hpp"
#include "approvekit/postgres_storage.hpp"

#include <chrono>
#include <exception>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

using namespace approvekit;

namespace {

void ask(const ApproveKit& kit) {
    PendingCall call = kit.submit("send", {{"to", "ana"}});
    std::cout << call.request_id() << std::endl;
    try {
        call.wait().executed();
        std::cout << "executed" << std::endl;
    } catch (const Error& error) {
        std::cout << error.what() << std::endl;
    }
}

[[noreturn]] void call_for_ever(const ApproveKit& kit) {
    const auto look = kit.guard("look", [] {});
    for (int calls = 0;;) {
        for (const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{1};
             std::chrono::steady_clock::now() < end; ++calls)
            look();
        std::cout << calls << std::endl;
    }
}

int run(const std::string& mode, const std::string& record) {
    Policy policy;
    policy.add_rule({.tool = "look", .auto_approve = true});
    const ApproveKit kit(std::move(policy), std::make_shared<PostgresStorage>(record));
    if (mode == "ask")
        ask(kit);
    else if (mode == "call")
        call_for_ever(kit);
    else
        return 2;
    return 0;
}

}  // namespace

int main(int count, char** words) {
    if (count != 3) {
        std::cerr << "usage: remote_agent ask|call RECORD\n";
        return 2;
    }
    try {
        return run(words[1], words[2]);
    } catch (const std::exception& error) {
        std::cerr << "remote_agent: " << error.what() << '\n';
        return 1;
    }
}
