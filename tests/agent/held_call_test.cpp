// A held call between its submit and its claim: every way in which waiting can end.
#include "approvekit/approvekit.hpp"

#include "approvekit/sqlite_storage.hpp"
#include "support/audit_events.hpp"
#include "support/broken_disk.hpp"
#include "support/catch.hpp"
#include "support/eventually.hpp"
#include "support/scratch_database.hpp"

#include <SQLiteCpp/Database.h>

#include <cerrno>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

using namespace approvekit;
using Catch::Matchers::ContainsSubstring;

namespace {

PolicyRule rule_for(const std::string& tool, bool require_approval) {
    PolicyRule rule;
    rule.tool = tool;
    rule.require_approval = require_approval;
    rule.redact_fields = {"secret"};
    return rule;
}

struct AskingAgent : ScratchDatabase {
    std::shared_ptr<SqliteStorage> storage = std::make_shared<SqliteStorage>(path, shared_with_others());
    ApproveKit kit{Policy().add_rule(rule_for("free", false)).add_rule(rule_for("held", true)), storage};

    [[nodiscard]] PendingCall ask(const std::string& tool = "held") const {
        return kit.submit(tool, {{"secret", "hunter22"}});
    }

    [[nodiscard]] AuditEvents events() const { return audit_events(*storage); }
};

}  // namespace

TEST_CASE("G3 a call that was given up cannot be waited for") {
    const AskingAgent agent;
    PendingCall call = agent.ask();
    call.cancel();
    call.cancel();
    CHECK(call.ready());
    CHECK_THROWS_AS(call.wait(), ApprovalCancelledError);
    CHECK(agent.events() == AuditEvents{AuditEvent::cancelled});
}

TEST_CASE("G3 a permit is handed out once") {
    const AskingAgent agent;
    PendingCall call = agent.ask();
    agent.kit.approve(call.request_id());
    call.wait().executed();
    CHECK_THROWS_AS(call.wait(), MisuseError);
    CHECK(agent.events() == AuditEvents{AuditEvent::approved, AuditEvent::executed});
}

TEST_CASE("a call that the policy allows is ready at once, and one that nobody runs is recorded as such") {
    const AskingAgent agent;
    PendingCall call = agent.ask("free");
    CHECK(call.ready());
    SECTION("given up before it ran") {
        call.cancel();
        CHECK(agent.events() == AuditEvents{AuditEvent::approved, AuditEvent::refused});
    }
    SECTION("whose permit was dropped, so that nobody knows whether it ran") {
        static_cast<void>(call.wait());
        CHECK(agent.events() == AuditEvents{AuditEvent::approved, AuditEvent::unknown});
    }
}

TEST_CASE("G13 an approval that comes while the caller gives up does not run, and the record says so") {
    const AskingAgent agent;
    PendingCall call = agent.ask();
    agent.kit.approve(call.request_id());
    std::stop_source source;
    source.request_stop();
    CHECK_THROWS_AS(call.wait(source.get_token()), ApprovalCancelledError);
    CHECK(agent.events() == AuditEvents{AuditEvent::approved, AuditEvent::refused});
}

TEST_CASE("G2 a request whose row vanishes while its call waits is refused by the name of its tool") {
    const AskingAgent agent;
    PendingCall call = agent.ask();
    agent.shell("DELETE FROM approval_requests");
    CHECK_THROWS_WITH(call.wait(), ContainsSubstring("held"));
    CHECK(agent.events() == AuditEvents{AuditEvent::refused});
}

TEST_CASE("G2 a request whose row vanishes after its approval is refused by the name of its tool") {
    const AskingAgent agent;
    PendingCall call = agent.ask();
    agent.kit.approve(call.request_id());
    REQUIRE(eventually([&] { return call.ready(); }));
    agent.shell("DELETE FROM approval_requests");
    CHECK_THROWS_WITH(call.wait(), ContainsSubstring("held"));
    CHECK(agent.events() == AuditEvents{AuditEvent::approved, AuditEvent::refused});
}

TEST_CASE("G2 an approval that another program takes back before the call starts does not run") {
    const AskingAgent agent;
    PendingCall call = agent.ask();
    agent.kit.approve(call.request_id());
    REQUIRE(eventually([&] { return call.ready(); }));
    agent.shell("UPDATE approval_requests SET status = 'rejected', reviewer_notes = 'on second thought'");
    CHECK_THROWS_AS(call.wait(), RefusedError);
    CHECK(agent.events() == AuditEvents{AuditEvent::approved, AuditEvent::refused});
}

TEST_CASE("G7 G9 what another program wrote into the row reaches the caller as it means, and without its secrets") {
    const AskingAgent agent;
    PendingCall call = agent.ask();
    const auto write = [&](const std::string& status) {
        agent.shell("UPDATE approval_requests SET reviewer_notes = 'hunter22 is bad', status = '" + status + "'");
    };
    SECTION("a rejection") {
        write("rejected");
        CHECK_THROWS_WITH(call.wait(), ContainsSubstring("[REDACTED] is bad") && !ContainsSubstring("hunter22"));
        CHECK(agent.events() == AuditEvents{AuditEvent::rejected});
    }
    SECTION("a timeout") {
        write("timeout");
        CHECK_THROWS_AS(call.wait(), ApprovalTimeoutError);
    }
    SECTION("a state that nobody knows") {
        write("maybe");
        CHECK_THROWS_AS(call.wait(), ApprovalCancelledError);
    }
}

TEST_CASE("a call that is dropped while the disk is full goes without a word, and ends at its deadline") {
    const AskingAgent agent;
    std::string id;
    {
        PendingCall call = agent.ask();
        id = call.request_id();
        const UnwritableDisk disk(ENOSPC);
        const PendingCall dropped = std::move(call);
    }
    CHECK(agent.storage->find(id)->status != ApprovalStatus::approved);
}
