// A busy agent does not lose an approved call, and its reviewers see how long the call may wait.
#include "approvekit/approvekit.hpp"

#include "support/catch.hpp"
#include "support/guarding_agent.hpp"
#include "support/manual_clock.hpp"

#include <chrono>
#include <memory>
#include <optional>

using namespace approvekit;
using namespace std::chrono_literals;
using approvekit::testing::ManualClock;

namespace {

/// An agent whose tool is held for half a minute, and may then start within `start_within`.
struct Busy : ScratchDatabase {
    explicit Busy(std::optional<std::chrono::seconds> start_within)
        : kit(policy(start_within), storage, kit_options()) {}

    static Policy policy(std::optional<std::chrono::seconds> start_within) {
        PolicyRule rule = GuardingAgent::rule("pay", true);
        rule.start_within = start_within;
        return Policy().add_rule(rule);
    }
    [[nodiscard]] SqliteStorage::Options storage_options() const {
        SqliteStorage::Options options;
        options.clock = clock;
        return options;
    }
    [[nodiscard]] ApproveKit::Options kit_options() const {
        ApproveKit::Options options;
        options.clock = clock;
        return options;
    }
    [[nodiscard]] auto submit(Call call = {}) const {
        return kit.guard("pay", {"amount"}, [](int amount) { return amount; }).with(std::move(call)).submit(7);
    }
    [[nodiscard]] std::optional<std::chrono::seconds> window_of(const std::string& id) const {
        return storage->find(id)->start_within();
    }

    std::shared_ptr<ManualClock> clock = std::make_shared<ManualClock>();
    std::shared_ptr<SqliteStorage> storage = std::make_shared<SqliteStorage>(path, storage_options());
    ApproveKit kit;
};

}  // namespace

TEST_CASE("G5 an approved call is started by an agent that was busy until after its deadline") {
    const Busy agent(GENERATE(std::optional<std::chrono::seconds>(), std::optional(60s)));
    auto ticket = agent.submit();
    agent.clock->advance(20s);
    agent.kit.approve(ticket.request_id());
    agent.clock->advance(60s - 1us);
    SECTION("in time") {
        CHECK(ticket.get() == 7);
    }
    SECTION("too late") {
        agent.clock->advance(1us);
        CHECK_THROWS_AS(ticket.get(), ApprovalTimeoutError);
    }
}

TEST_CASE("The window for the start is part of what reviewers see and of the entries") {
    const Busy agent(2h);
    auto ticket = agent.submit();
    const ApprovalRequest asked = *agent.storage->find(ticket.request_id());
    CHECK(asked.start_within() == 2h);
    ApprovalRequest other = asked;
    other.metadata[start_within_key] = 7201;
    CHECK(view_digest(other) != asked.view_digest);
    const Json shown = to_json_view(asked);
    CHECK(shown.at("start_within") == 7200);
    CHECK(shown.at("start_by").is_null());
    agent.kit.approve(ticket.request_id());
    CHECK(to_json_view(*agent.storage->find(ticket.request_id())).at("start_by") == to_text(agent.clock->now() + 2h));
    CHECK(agent.storage->audit({}).entries.at(0).metadata.at(start_within_key) == 7200);
    CHECK(agent.storage->list({.status = std::nullopt, .limit = 1, .cursor = ""}).requests.at(0).start_by ==
          agent.clock->now() + 2h);
}

TEST_CASE("A call's own window for its start counts where it is stricter than the policy's") {
    const Busy agent(10min);
    CHECK(agent.window_of(agent.submit(Call{.start_within = 5min}).request_id()) == 5min);
    CHECK(agent.window_of(agent.submit(Call{.start_within = 1h}).request_id()) == 10min);
    CHECK(agent.window_of(agent.submit(Call{.timeout = 5s}).request_id()) == 10min);
    const Busy unsaid(std::nullopt);
    CHECK_FALSE(unsaid.window_of(unsaid.submit().request_id()));
    CHECK(unsaid.window_of(unsaid.submit(Call{.start_within = 10s}).request_id()) == 10s);
    CHECK(unsaid.window_of(unsaid.submit(Call{.start_within = 1h}).request_id()) == 60s);
    CHECK_THROWS_AS(agent.submit(Call{.start_within = 0s}), Error);
}

TEST_CASE("A number that is no window for a start is none") {
    ApprovalRequest request;
    request.ours = true;
    for (const Json& value : {Json(0), Json(-5), Json(604'801), Json(1.5), Json("60"), Json(UINT64_MAX), Json()}) {
        request.metadata[start_within_key] = value;
        CHECK_FALSE(request.start_within());
    }
    request.metadata = Json::array({start_within_key});
    CHECK_FALSE(request.start_within());
    request.metadata = {{start_within_key, 604'800}};
    CHECK(request.start_within() == std::chrono::days(7));
    request.ours = false;
    CHECK_FALSE(request.start_within());
    CHECK(to_json_view(request).at("start_within").is_null());
}
