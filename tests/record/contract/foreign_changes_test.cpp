// What another program does to the row of a request, and how the record reacts.
#include "approvekit/error.hpp"
#include "record/contract/agent.hpp"

#include <chrono>
#include <memory>
#include <string>

using namespace approvekit;
using namespace approvekit::contract;

CONTRACT_TEST("G2 H25 an argument that is edited while the call waits is refused and audited") {
    const Agent agent(std::make_unique<TestType>());
    const auto edit = [&] { agent.edit([](Row& row) { row.tool_args = R"({"to":"eve@example.com"})"; }); };
    SECTION("before the decision") {
        edit();
        REQUIRE(error_code_of([&] { agent.approve(); }) == ErrorCode::altered);
        REQUIRE(agent.found().status == ApprovalStatus::pending);
    }
    SECTION("after the decision") {
        agent.approve();
        edit();
        REQUIRE(agent.refused_claim() == ErrorCode::altered);
        REQUIRE(agent.events().back() == AuditEvent::refused);
    }
    SECTION("together with its digest") {
        agent.approve();
        edit();
        agent.engine->set_view_digest(agent.request.id, "ab");
        REQUIRE(agent.refused_claim() == ErrorCode::altered);
    }
    SECTION("the whole row removed") {
        agent.engine->remove(agent.request.id);
        REQUIRE(agent.refused_claim() == ErrorCode::altered);
    }
}

CONTRACT_TEST("H26 an approval that another program writes counts as the decision of an unknown reviewer") {
    const Agent agent(std::make_unique<TestType>());
    agent.edit(
        [](Row& row) {
            row.status = "approved";
            row.reviewed_at = row.created_at;
            row.reviewer_notes = "by hand";
        },
        Write::replace);
    REQUIRE_FALSE(agent.claim().empty());
    const auto decision = agent.storage->find_decision(agent.request.id);
    REQUIRE(decision);
    REQUIRE(decision->reviewer == "unknown");
    REQUIRE(decision->way == "database");
    REQUIRE(agent.last_entry().reviewer == "unknown");
    REQUIRE(agent.is_intact());
}

CONTRACT_TEST("H64 a row that is set back to pending after the call ran gets its state again") {
    const Write how = GENERATE(Write::update, Write::insert);
    CAPTURE(how);
    const Agent agent(std::make_unique<TestType>());
    agent.execute();
    agent.set_back_to_pending(how);
    const AuditEvents told{AuditEvent::approved, AuditEvent::executed, AuditEvent::refused};
    SECTION("when somebody sweeps") {
        CHECK(agent.storage->sweep() == 0);
    }
    SECTION("when somebody approves it late, which is told who was faster") {
        agent.engine->clock->pass(std::chrono::minutes(5));
        CHECK(agent.late_approval() == ErrorCode::already_decided);
    }
    SECTION("when its agent ends it") {
        CHECK(agent.storage->end(agent.request.id, ApprovalStatus::timeout, "x").status == ApprovalStatus::approved);
    }
    agent.storage->sweep();
    CHECK(agent.pending() == 0);
    CHECK(agent.found().status == ApprovalStatus::approved);
    CHECK(agent.found().reviewer == "ana");
    CHECK(agent.found().reviewer_notes == "fine");
    CHECK(agent.found().reviewed_at.has_value());
    CHECK(agent.found().run == RunState::executed);
    CHECK(agent.events() == told);
    CHECK(agent.is_intact());
}

CONTRACT_TEST("H64 an approval that was set back before its call started starts nothing") {
    const Agent agent(std::make_unique<TestType>());
    agent.approve();
    agent.set_status("pending");
    SECTION("when its agent comes first") {
        const auto code = agent.refused_claim();
        // The storage sweeps by itself once a second, and may have been faster.
        CHECK((code == ErrorCode::altered || code == ErrorCode::already_decided));
    }
    SECTION("when somebody sweeps first") {
        agent.storage->sweep();
    }
    SECTION("when somebody approves it again first") {
        CHECK(agent.late_approval() == ErrorCode::already_decided);
    }
    CHECK(agent.refused_claim() == ErrorCode::already_decided);
    CHECK(agent.pending() == 0);
    CHECK(agent.found().status == ApprovalStatus::approved);
    CHECK(agent.found().run == RunState::none);
    CHECK(agent.is_intact());
}

CONTRACT_TEST("H64 a final state does not become another one") {
    const std::string state = GENERATE("rejected", "timeout", "cancelled", "APPROVED");
    CAPTURE(state);
    const Agent agent(std::make_unique<TestType>());
    agent.execute();
    agent.set_status(state);
    CHECK(agent.late_approval() == ErrorCode::already_decided);
    CHECK(agent.found().status == ApprovalStatus::approved);
    CHECK(agent.events() == AuditEvents{AuditEvent::approved, AuditEvent::executed, AuditEvent::refused});
    CHECK(agent.is_intact());
}

CONTRACT_TEST("H64 a row that was gone when its agent looked, and came back, waits for nobody") {
    const Agent agent(std::make_unique<TestType>());
    const Row kept = agent.engine->row(agent.request.id).value();
    agent.engine->remove(agent.request.id);
    CHECK(agent.refused_claim() == ErrorCode::altered);
    agent.engine->write(agent.request.id, kept, Write::insert);
    SECTION("when somebody sweeps") {
        agent.storage->sweep();
    }
    SECTION("when somebody approves it") {
        CHECK(agent.late_approval() == ErrorCode::cancelled);
    }
    CHECK(agent.pending() == 0);
    CHECK(agent.events() == AuditEvents{AuditEvent::refused, AuditEvent::cancelled});
    CHECK(agent.is_intact());
}

CONTRACT_TEST("H64 a row whose id was changed starts nothing, and its request has an end") {
    const Agent agent(std::make_unique<TestType>());
    agent.approve();
    const Row row = agent.engine->row(agent.request.id).value();
    agent.engine->remove(agent.request.id);
    agent.engine->write("changed", row, Write::insert);
    CHECK(agent.refused_claim() == ErrorCode::altered);
    CHECK(agent.events() == AuditEvents{AuditEvent::approved, AuditEvent::refused});
    CHECK_FALSE(agent.storage->find("changed")->ours);
    CHECK_FALSE(agent.storage->find(agent.request.id));
}

CONTRACT_TEST("H64 a claim of what nobody has answered ends it, so that a later approval is told so") {
    const Agent agent(std::make_unique<TestType>());
    CHECK(agent.refused_claim() == ErrorCode::altered);
    CHECK(agent.events() == AuditEvents{AuditEvent::cancelled});
    CHECK(agent.found().status == ApprovalStatus::cancelled);
    CHECK(agent.late_approval() == ErrorCode::cancelled);
    CHECK(agent.is_intact());
}

CONTRACT_TEST("H64 a second claim is refused, and the record says so") {
    const Agent agent(std::make_unique<TestType>());
    agent.approve();
    static_cast<void>(agent.claim());
    CHECK(agent.refused_claim() == ErrorCode::already_decided);
    CHECK(agent.events() == AuditEvents{AuditEvent::approved, AuditEvent::refused});
    CHECK(agent.found().run == RunState::running);
    CHECK(agent.is_intact());
}

CONTRACT_TEST("H65 what the agent submitted is on record beside what somebody made of it") {
    const Agent agent(std::make_unique<TestType>());
    const auto edit_arguments = [&] { agent.edit([](Row& row) { row.tool_args = R"({"to":"eve@example.com"})"; }); };
    SECTION("arguments that were edited before the approval, and who approves is told") {
        edit_arguments();
        CHECK(agent.late_approval() == ErrorCode::altered);
        CHECK(agent.shown().at("tool_args").at("to") == "eve@example.com");
        CHECK(agent.shown().at("submitted").at("tool_args") == agent.request.tool_args);
        agent.storage->end(agent.request.id, ApprovalStatus::cancelled, "enough");
    }
    SECTION("arguments that were edited after the approval") {
        agent.approve();
        edit_arguments();
        CHECK(agent.refused_claim() == ErrorCode::altered);
    }
    SECTION("the name of the tool") {
        agent.approve();
        agent.edit([](Row& row) { row.tool_name = "noop"; });
        CHECK(agent.refused_claim() == ErrorCode::altered);
        CHECK(agent.shown().at("submitted").at("tool_name") == "send_email");
    }
    SECTION("an agent that dies") {
        agent.approve();
        edit_arguments();
        agent.edit([](Row& row) { row.metadata = "{}"; });
        agent.engine->clock->pass(std::chrono::minutes(5));
        agent.engine->open()->sweep();
    }
    SECTION("a row that is gone") {
        agent.approve();
        agent.engine->remove(agent.request.id);
        CHECK(agent.refused_claim() == ErrorCode::altered);
    }
    const AuditEntry entry = agent.last_entry();
    CHECK(entry.tool_name == "send_email");
    CHECK(entry.tool_args == agent.request.tool_args);
    CHECK(entry.metadata == agent.request.metadata);
}

CONTRACT_TEST("H65 the record of a refusal tells what the agent holds, whatever was written beside the row") {
    const Agent agent(std::make_unique<TestType>());
    agent.approve();
    agent.edit([](Row& row) { row.tool_args = "{}"; });
    agent.engine->set_view_digest(agent.request.id, "ab");
    CHECK(agent.refused_claim() == ErrorCode::altered);
    CHECK(agent.last_entry().tool_args == agent.request.tool_args);
}

CONTRACT_TEST("H65 a row that says the same in other words is the one that was submitted") {
    const Agent agent(std::make_unique<TestType>());
    agent.edit([](Row& row) { row.tool_args = " " + row.tool_args + " "; });
    CHECK(agent.shown().at("submitted").is_null());
    agent.approve();
    CHECK_FALSE(agent.claim().empty());
}

CONTRACT_TEST(
    "G4 G9 a decision that another program wrote without an entry is nobody's, and on record before anything runs") {
    const Agent agent(std::make_unique<TestType>());
    Decision forged = decision_on(agent.request, Verdict::approve, "");
    forged.reviewer = "ada";
    forged.view_digest = agent.request.view_digest;
    agent.engine->add_decision({forged, "2026-01-02T03:04:05.000000", "none"});
    agent.set_status("approved");
    const std::string entry = agent.claim();
    CHECK(agent.events() == AuditEvents{AuditEvent::approved});
    const AuditEntry approval = agent.last_entry();
    CHECK(approval.id == entry);
    CHECK(approval.reviewer == "unknown");
    CHECK(approval.way == "database");
    CHECK(agent.found().reviewer == "unknown");
}
