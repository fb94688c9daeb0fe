// What a call hides stays hidden when calls are nested, and when its arguments are refused.
#include "approvekit/approvekit.hpp"

#include "approvekit/sqlite_storage.hpp"
#include "support/catch.hpp"
#include "support/temporary_directory.hpp"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace approvekit;
using Catch::Matchers::ContainsSubstring;

namespace {

const std::string card = "4111111111110002";
const std::string declined = "declined: " + card;

/// An agent all of whose tools run at once; "charge" and "refund" hide their cards, "order" hides nothing.
struct NestingAgent {
    TemporaryDirectory directory;
    std::filesystem::path path = directory / "nested.db";
    std::shared_ptr<SqliteStorage> storage = std::make_shared<SqliteStorage>(path);
    ApproveKit kit{policy(), storage};

    static Policy policy() {
        Policy policy;
        for (const std::string tool : {"charge", "refund", "order"}) {
            PolicyRule rule;
            rule.tool = tool;
            rule.auto_approve = true;
            if (tool != "order") rule.redact_fields = {"card"};
            policy.add_rule(rule);
        }
        return policy;
    }

    [[nodiscard]] auto charge() const {
        return kit.guard("charge", {"card"},
                         [](const std::string& number) -> int { throw std::runtime_error("declined: " + number); });
    }

    /// The text in the record of the last run that failed, after checking that no part of the record contains the card.
    [[nodiscard]] std::string last_failure() const {
        storage->flush();
        for (const std::filesystem::path& file : {path, std::filesystem::path(path.string() + "-wal")}) {
            std::ifstream stream(file, std::ios::binary);
            const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
            CHECK(bytes.find(card) == std::string::npos);
        }
        for (const AuditEntry& entry : storage->audit({}).entries) {
            if (entry.decision == AuditEvent::failed) return entry.reviewer_notes.value_or("");
        }
        return "none failed";
    }
};

}  // namespace

TEST_CASE("H73 an inner call's secret stays out of the record of the call around it") {
    const NestingAgent agent;
    const auto order = agent.kit.guard("order", {"item"}, [&](const std::string&) { return agent.charge()(card); });
    CHECK_THROWS_WITH(order("book"), declined);  // the program's own exception is left as it is
    CHECK(agent.last_failure() == "declined: [REDACTED]");
}

TEST_CASE("H73 an inner call's secret stays out of what the outer tool says afterwards") {
    const NestingAgent agent;
    const auto refund = agent.kit.guard("refund", {"card"}, [](const std::string&) {});
    const auto order = agent.kit.guard("order", {"item"}, [&](const std::string&) {
        refund(card);
        throw std::runtime_error(declined);
    });
    CHECK_THROWS_WITH(order("book"), declined);
    CHECK(agent.last_failure() == "declined: [REDACTED]");
}

TEST_CASE("H73 an outer call's secret stays out of the record of the calls within it") {
    const NestingAgent agent;
    const auto order =
        agent.kit.guard("order", {"item"}, [](const std::string&) { throw std::runtime_error(declined); });
    const auto refund =
        agent.kit.guard("refund", {"card"}, [&](const std::string&) { CHECK_THROWS_WITH(order("book"), declined); });
    refund(card);
    CHECK(agent.last_failure() == "declined: [REDACTED]");
}

TEST_CASE("H73 secrets are known through every level and through another kit") {
    const NestingAgent agent;
    const NestingAgent other;
    const auto middle = other.kit.guard("order", {"item"}, [&](const std::string&) { return agent.charge()(card); });
    const auto order = agent.kit.guard("order", {"item"}, [&](const std::string& item) { return middle(item); });
    CHECK_THROWS_WITH(order("book"), declined);
    CHECK(agent.last_failure() == "declined: [REDACTED]");
    CHECK(other.last_failure() == "declined: [REDACTED]");
}

TEST_CASE("H73 a ticket that runs on another thread belongs to the call that submitted it") {
    const NestingAgent agent;
    const auto order = agent.kit.guard("order", {"item"}, [&](const std::string&) {
        const auto inner = agent.kit.guard("order", {"item"}, [&](const std::string&) { return agent.charge()(card); });
        auto ticket = inner.submit(std::string("inner"));
        return std::async(std::launch::async, [&] { return ticket.get(); }).get();
    });
    CHECK_THROWS_WITH(order("book"), declined);
    CHECK(agent.last_failure() == "declined: [REDACTED]");
}

TEST_CASE("H73 a call that has ended leaves its secrets to nobody") {
    const NestingAgent agent;
    agent.kit.guard("refund", {"card"}, [](const std::string&) {})(card);
    const auto order =
        agent.kit.guard("order", {"item"}, [](const std::string&) { throw std::runtime_error("no 4711 here"); });
    agent.kit.guard("refund", {"card"}, [](const std::string&) {})("4711");
    CHECK_THROWS(order("book"));
    CHECK(agent.last_failure() == "no 4711 here");
}

TEST_CASE("H73 after very many inner calls the outer call's text is hidden whole") {
    const NestingAgent agent;
    const auto refund = agent.kit.guard("refund", {"card"}, [](const std::string&) {});
    const auto order = agent.kit.guard("order", {"item"}, [&](const std::string&) {
        for (int index = 0; index < 300; ++index)
            refund(card + std::to_string(index));
        throw std::runtime_error(declined + "0");
    });
    CHECK_THROWS(order("book"));
    CHECK(agent.last_failure() == "[REDACTED]");
}

TEST_CASE("H73 all calls that one thread runs at once are around the next one, whichever began first") {
    const NestingAgent agent;
    PendingCall refund = agent.kit.submit("refund", {{"card", card}});
    PendingCall order = agent.kit.submit("order", {{"item", "book"}});
    const bool refund_begins = GENERATE(false, true);
    CAPTURE(refund_begins);
    Permit first = (refund_begins ? refund : order).wait();
    Permit second = (refund_begins ? order : refund).wait();

    Permit inner = agent.kit.admit("order", {{"item", "pen"}});
    first.executed();  // ends before the inner call that it contains
    inner.failed(declined);
    CHECK(agent.last_failure() == "declined: [REDACTED]");
    second.failed(declined);
    CHECK(agent.last_failure() == "declined: [REDACTED]");
}

TEST_CASE("H73 a ticket that is asked within another call's tool is within that call") {
    const NestingAgent agent;
    const auto order =
        agent.kit.guard("order", {"item"}, [](const std::string&) { throw std::runtime_error(declined); });
    auto ticket = order.submit("book");
    const auto refund =
        agent.kit.guard("refund", {"card"}, [&](const std::string&) { CHECK_THROWS_WITH(ticket.get(), declined); });
    refund(card);
    CHECK(agent.last_failure() == "declined: [REDACTED]");
}

TEST_CASE("H73 calls that take turns on a thread know nothing of those that ended before they were asked for") {
    const NestingAgent agent;
    auto running = std::make_unique<Permit>(agent.kit.admit("refund", {{"card", "4711"}}));
    for (int turn = 0; turn < 3; ++turn) {
        auto next = std::make_unique<Permit>(agent.kit.admit("order", {{"item", "book"}}));
        running->executed();
        running = std::move(next);
    }
    running->failed("no 4711 here");
    CHECK(agent.last_failure() == "no 4711 here");
}

TEST_CASE("H73 the place in refused arguments gives no hidden key or value away") {
    const NestingAgent agent;
    const auto charge = [&](const Json& arguments) {
        const auto outcome = agent.kit.guard("charge", [](const Json&) {}).attempt(arguments);
        REQUIRE_FALSE(outcome.ran());
        return outcome.refusal().message + outcome.refusal().text_for_model();
    };
    for (const Json& arguments : {
             Json{{"card", {{card, std::nan("")}}}},
             Json{{"card", {{card, "\xff"}}}},
             Json{{"Card", {{"numbers", {{card, {{"deep", std::nan("")}}}}}}}},
             Json{{"card", card}, {"limits", {{card, std::nan("")}}}},
             Json{{"card", std::stoull(card)}, {"limits", {{"of " + card, Json::binary({1})}}}},
             Json{{"payload", "\ufeff{\"card\": \"" + card + "\"}"}, {"limits", {{card, std::nan("")}}}},
         }) {
        const std::string text = charge(arguments);
        CAPTURE(text);
        CHECK_THAT(text, !ContainsSubstring(card) && ContainsSubstring("cannot be shown to a reviewer"));
    }
    CHECK_THAT(charge({{"amount", {{"net", std::nan("")}}}}), ContainsSubstring("at amount.net"));
}
