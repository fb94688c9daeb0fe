#include "approvekit/policy_replay.hpp"

#include "approvekit/approvekit.hpp"
#include "support/catch.hpp"
#include "support/temporary_directory.hpp"

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

using namespace approvekit;
using Catch::Matchers::ContainsSubstring;

namespace {

/// A record of three calls: one that ran at once, one that a person approved, and one that was denied.
struct Recorded {
    Recorded() {
        const ApproveKit kit(Policy::from_yaml_text("rules:\n"
                                                    "  - {tool: list, auto_approve: true}\n"
                                                    "  - {tool: pay, require_approval: true, redact_fields: [iban]}\n"
                                                    "  - {tool: drop, deny: no way}\n"),
                             storage);
        kit.guard("list", [](const Json&) {})(Json{{"limit", 10}});
        auto pay = kit.guard("pay", [](const Json&) {}).submit(Json{{"amount", 5}, {"iban", "DE0212"}});
        kit.approve(pay.request_id());
        pay.get();
        CHECK_THROWS_AS(kit.guard("drop", [](const Json&) {})(Json::object()), PolicyDeniedError);
        storage->flush();
    }

    PolicyReplay replay(const std::string& rules, std::optional<Time> since = {}) const {
        std::ofstream(directory / "new.yaml") << "rules:\n" << rules;
        return replay_policy(directory / "new.yaml", *storage, since);
    }

    TemporaryDirectory directory;
    std::shared_ptr<SqliteStorage> storage = std::make_shared<SqliteStorage>(directory / "record.db");
};

}  // namespace

TEST_CASE("a replay of the same policy changes nothing") {
    const Recorded record;
    const PolicyReplay replay = record.replay(
        "  - {tool: list, auto_approve: true}\n  - {tool: pay, require_approval: true}\n  - {tool: drop, deny: no "
        "way}\n");
    CHECK(replay.changes_nothing());
    CHECK(replay.text() == "3 calls on record, 1 were held; by this policy 1 would be\n");
}

TEST_CASE("a replay lists the calls that a policy would treat otherwise, and why") {
    const Recorded record;
    const PolicyReplay replay = record.replay(
        "  - {tool: pay, auto_approve: true, when: {args.amount: {between: [0, 10]}}}\n"
        "  - {tool: list, require_approval: true}\n  - {tool: drop, deny: no way}\n");
    REQUIRE(replay.calls_of_note.size() == 2);
    CHECK_THAT(replay.text(), ContainsSubstring("pay: hold -> allow (rules[0], pay)"));
    CHECK_THAT(replay.text(), ContainsSubstring("list: allow -> hold (rules[1], list)"));
    const Json view = to_json_view(replay);
    CHECK(view["calls"] == 3);
    CHECK(view["unknown"] == 0);
}

TEST_CASE("a replay says of which calls the record tells too little") {
    const Recorded record;
    const PolicyReplay hidden = record.replay("  - {tool: pay, auto_approve: true, when: {args.iban: {equals: x}}}\n");
    CHECK_THAT(hidden.text(), ContainsSubstring("pay: hold -> cannot be told (args.iban is hidden)"));
    CHECK(hidden.unknown == 1);
    const PolicyReplay context =
        record.replay("  - {tool: pay, auto_approve: true, when: {context.by: {equals: x}}}\n");
    CHECK_THAT(context.text(), ContainsSubstring("(context.by is not on record)"));
}

TEST_CASE("a replay does not say of a call that was held or denied whether a limit would have done so too") {
    const Recorded record;
    const PolicyReplay replay = record.replay(
        "  - {tool: pay, limit: {calls: 5, per: 1h}}\n  - {tool: list, limit: {calls: 5, per: 1h}}\n"
        "  - {tool: drop, require_approval: true, limit: {calls: 5, per: 1h, beyond: deny}}\n");
    CHECK(replay.unknown == 2);
    CHECK(replay.held_after == 0);
    CHECK_THAT(replay.text(),
               ContainsSubstring("pay: hold -> cannot be told (whether it was beyond its limit is not on record)") &&
                   ContainsSubstring("drop: deny -> cannot be told (whether") && !ContainsSubstring("list:"));
}

TEST_CASE("a replay looks at no call before the time that it is given") {
    const Recorded record;
    CHECK(record.replay("  - {tool: x}\n", SystemClock().now() + std::chrono::hours(1)).calls == 0);
    CHECK(record.replay("  - {tool: x}\n", SystemClock().now() - std::chrono::hours(1)).calls == 3);
}

TEST_CASE("a policy that is refused replays nothing") {
    const Recorded record;
    CHECK_THROWS_AS(record.replay("  - {tool: 1}\n"), PolicyError);
}
