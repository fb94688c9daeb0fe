// How many questions a person gets on a day with a thousand calls, and what runs unseen, under policies that see more
// and more.
#include "agent/office_day.hpp"
#include "approvekit/approvekit.hpp"
#include "approvekit/sqlite_storage.hpp"
#include "support/catch.hpp"
#include "support/scratch_database.hpp"
#include "support/settable_clock.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>

using namespace approvekit;
using approvekit::testing::office_day;
using approvekit::testing::OfficeCall;
using approvekit::testing::SettableClock;
using Catch::Matchers::ContainsSubstring;

namespace {

const std::filesystem::path documents = std::filesystem::path(APPROVEKIT_PROJECT_DIRECTORY) / "docs";

std::string text_of_file(const std::filesystem::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// What a policy can say that knows only names: reading mail harms nobody, anything else may.
const std::string by_name =
    "rules:\n"
    "  - {tool: \"mail.read*\", auto_approve: true}\n"
    "  - {tool: \"*\", require_approval: true}\n";

/// The same, for a person who answers only once what is asked again and again.
const std::string by_name_with_grants =
    "rules:\n"
    "  - {tool: \"mail.read*\", auto_approve: true}\n"
    "  - {tool: \"*\", require_approval: true, grants: {uses: 50, for: 8h}}\n";

/// Adds a limit to the rule that contains `line`.
std::string with_limit(std::string policy, const std::string& line, const std::string& limit) {
    const auto found = policy.find(line);
    REQUIRE(found != std::string::npos);
    return policy.insert(found, "limit: " + limit + "\n    ");
}

std::string with_limits(std::string policy) {
    policy = with_limit(std::move(policy), "when:\n      args.to: {every: {email: {domain_in: [example.com]}}",
                        "{calls: 20, per: 1h}");
    return with_limit(std::move(policy), "when: {args.amount: {between: [0.01, 100]}",
                      "{sum: args.amount, max: 2000, per: 24h}");
}

struct DayCount {
    int asked = 0;
    int denied = 0;
    int ran_unseen = 0;
    int risky_unseen = 0;
};

/// An agent that makes the calls of the day, and a person who rejects what is risky.
struct ReplayedDay : ScratchDatabase {
    explicit ReplayedDay(const std::string& policy) : kit(Policy::from_yaml_text(policy), storage, options_of(clock)) {}

    DayCount replay() {
        DayCount count;
        Time before = clock->now();
        for (const OfficeCall& call : office_day(1)) {
            clock->pass(call.at - std::exchange(before, call.at));
            make(call, count);
        }
        storage->flush();
        CHECK(storage->verify_audit().intact());
        return count;
    }

    void make(const OfficeCall& call, DayCount& count) {
        try {
            PendingCall pending = kit.submit(call.tool, call.arguments);
            const std::string id = pending.request_id();
            if (id.empty()) {
                ++count.ran_unseen;
                count.risky_unseen += call.is_risky ? 1 : 0;
            } else {
                ++count.asked;
                if (call.is_risky) return kit.reject(id, {.reviewer = "ada"});
                approve(id, call);
            }
            Permit permit = pending.wait();
            permit.start(call.arguments);
            permit.executed();
        } catch (const PolicyDeniedError&) {
            ++count.denied;
        }
    }

    /// For a call that only reads, also grants 50 more of the very same, if the policy allows grants for it.
    void approve(const std::string& id, const OfficeCall& call) {
        ReviewerAnswer answer;
        if ((call.tool == "sql.query" || call.tool == "shell.run") && storage->find(id)->grantable()) {
            answer.grant.emplace();
            answer.grant->uses = 50;
            answer.grant->lasts = std::chrono::hours(8);
        }
        Reviewer(storage, "ada", "library").approve(id, answer);
    }

    static ApproveKit::Options options_of(const std::shared_ptr<SettableClock>& clock) {
        ApproveKit::Options options;
        options.agent = "clerk";
        options.environment = "production";
        options.clock = clock;
        return options;
    }
    static SqliteStorage::Options with(const std::shared_ptr<SettableClock>& clock) {
        SqliteStorage::Options options;
        options.clock = clock;
        return options;
    }

    std::shared_ptr<SettableClock> clock = [] {
        auto set = std::make_shared<SettableClock>();
        set->set(office_day(1).front().at, std::chrono::hours(1));
        return set;
    }();
    std::shared_ptr<SqliteStorage> storage = std::make_shared<SqliteStorage>(path, with(clock));
    ApproveKit kit;
};

std::string row_of_table(const std::string& policy, const DayCount& count) {
    return "| " + policy + " | " + std::to_string(count.asked) + " | " + std::to_string(count.denied) + " | " +
           std::to_string(count.ran_unseen) + " | " + std::to_string(count.risky_unseen) + " |";
}

}  // namespace

TEST_CASE("a day has a thousand calls in order, the same ones each time, and few that are risky") {
    const auto day = office_day(1);
    REQUIRE(day.size() == 1000);
    CHECK(std::is_sorted(day.begin(), day.end(), [](const auto& one, const auto& other) { return one.at < other.at; }));
    const auto again = office_day(1);
    CHECK(std::equal(day.begin(), day.end(), again.begin(), [](const auto& one, const auto& other) {
        return one.at == other.at && one.tool == other.tool && one.arguments == other.arguments;
    }));
    const auto risky = std::count_if(day.begin(), day.end(), [](const auto& call) { return call.is_risky; });
    CHECK(risky > 50);
    CHECK(risky < 150);
}

TEST_CASE(
    "a policy with conditions and limits asks little on such a day, lets nothing risky run unseen, and the document "
    "says so") {
    const std::string example = text_of_file(documents / "example-policy.yaml");
    const DayCount names = ReplayedDay(by_name).replay();
    const DayCount grants = ReplayedDay(by_name_with_grants).replay();
    const DayCount conditions = ReplayedDay(example).replay();
    const DayCount limits = ReplayedDay(with_limits(example)).replay();
    CHECK(names.risky_unseen == 0);
    CHECK(grants.risky_unseen == 0);
    CHECK(grants.asked < names.asked);
    CHECK(limits.risky_unseen == 0);
    CHECK(limits.asked * 5 < names.asked);
    const std::string table = row_of_table("names alone", names) + "\n" + row_of_table("names, and grants", grants) +
                              "\n" + row_of_table("conditions", conditions) + "\n" +
                              row_of_table("conditions, and two limits", limits);
    CHECK_THAT(text_of_file(documents / "policy.md"), ContainsSubstring(table));
}
