// What a program or a model passes to the kit itself: decisions from code, and calls as text.
#include "approvekit/approvekit.hpp"

#include "approvekit/reviewer.hpp"
#include "support/catch.hpp"
#include "support/error_code_of.hpp"
#include "support/guarding_agent.hpp"

#include <memory>
#include <string>
#include <vector>

using namespace approvekit;

TEST_CASE("H58 a decision from code has the limits of every other way") {
    const GuardingAgent agent;
    auto ticket = agent.kit.guard("held", {"n"}, [](int n) { return n; }).submit(1);
    const std::string& id = ticket.request_id();
    const std::vector<std::string> names = {"",
                                            "policy",
                                            "Policy",
                                            "   ",
                                            " ada",
                                            std::string(20'000, 'x'),
                                            "ada\n",
                                            "a\xff",
                                            "ada \xe2\x80\xae gro",
                                            "ada\xe2\x80\x8b",
                                            "\xe2\x81\xa6"
                                            "ada"};
    for (const std::string& name : names) {
        CAPTURE(name);
        CHECK(error_code_of([&] { agent.kit.approve(id, {.notes = "fine", .reviewer = name}); }) ==
              ErrorCode::invalid_option);
        CHECK(error_code_of([&] { agent.kit.reject(id, {.notes = "no", .reviewer = name}); }) ==
              ErrorCode::invalid_option);
        CHECK(error_code_of([&] { Reviewer(agent.storage, name, "library"); }) == ErrorCode::invalid_option);
    }
    for (const std::string& note : {std::string(20'000'000, 'x'), std::string(maximum_note_bytes + 1, 'x'),
                                    std::string("a\0b", 3), std::string("\xc3(")}) {
        CHECK(error_code_of([&] { agent.kit.approve(id, {.notes = note, .reviewer = "ada"}); }) ==
              ErrorCode::invalid_option);
        CHECK(error_code_of([&] { agent.kit.reject(id, {.notes = note, .reviewer = "ada"}); }) ==
              ErrorCode::invalid_option);
    }
    CHECK(agent.storage->find(id)->status == ApprovalStatus::pending);
    CHECK(agent.events().empty());
    agent.kit.approve(
        id, {.notes = std::string(maximum_note_bytes, 'x'), .reviewer = "Ada Lovelace, \xc3\xa9\xe6\x9d\x8e"});
    CHECK(ticket.get() == 1);
}

TEST_CASE("H78 a model that hands over no arguments calls with an empty object") {
    const GuardingAgent agent;
    Json seen;
    const auto tool = [&](const Json& arguments) { seen = arguments; };
    for (const std::string blank : {"", " ", "\n\t \r\n"}) {
        CAPTURE(blank);
        seen = nullptr;
        agent.kit.call("free", blank, tool);
        CHECK(seen == Json::object());
        seen = nullptr;
        CHECK(agent.kit.try_call("free", blank, tool).ran());
        CHECK(seen == Json::object());
        auto ticket = agent.kit.submit("held", agent.kit.parse_arguments("held", blank));
        CHECK(agent.storage->find(ticket.request_id())->tool_args == Json::object());
    }
    agent.storage->flush();
    CHECK(agent.storage->audit({}).entries.back().tool_args == Json::object());
}

TEST_CASE("H78 blanks beyond the limit, and what only looks blank, are refused") {
    const GuardingAgent agent;
    for (const std::string& text : {std::string(2u << 20, ' '), std::string("\xc2\xa0"), std::string("\xef\xbb\xbf"),
                                    std::string(1, '\0'), std::string("\v")}) {
        CHECK(error_code_of([&] { agent.kit.call("free", text, [](const Json&) {}); }) == ErrorCode::invalid_arguments);
    }
}
