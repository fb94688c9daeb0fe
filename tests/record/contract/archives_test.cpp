// A part of the record is moved into a file: nothing is lost, what is not over stays, and the chain goes on.
#include "record/contract/archived.hpp"
#include "record/contract/granted.hpp"
#include "record/contract/keyed.hpp"

#include "approvekit/checkpoint.hpp"
#include "approvekit/reviewer_key.hpp"

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

using namespace approvekit;
using namespace approvekit::contract;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;

ARCHIVE_TEST("what is over is moved into a file, the record begins behind it, and both are as they were written") {
    const Archived agent(std::make_unique<TestType>());
    agent.live_through();
    const AuditReport before = agent.other->verify_audit();
    const ArchiveResult result = agent.archive();
    REQUIRE(result.anchor);
    CHECK(result.anchor->from == 1);
    CHECK(result.anchor->place == before.sequence);
    CHECK(result.anchor->hash == agent.other->audit_start().hash);
    CHECK(result.removed == before.sequence);
    CHECK(result.kept == 0);
    CHECK(agent.places() == std::set<std::int64_t>{before.sequence + 1});
    CHECK_FALSE(agent.other->find(agent.request.id));
    const AuditReport after = agent.other->verify_audit();
    CHECK(agent.fault() == "");
    CHECK(after.first == before.first);
    CHECK(after.archived == before.sequence);
    const ArchiveReport file = agent.read("first");
    CHECK(file.audit.intact());
    CHECK(file.audit.head == before.head);
    REQUIRE(file.anchor);
    CHECK(file.anchor->line() == agent.other->archives().front().line());
}

ARCHIVE_TEST("an archive holds what was submitted, decided and signed, and what became of it") {
    const Archived agent(std::make_unique<TestType>());
    agent.live_through();
    static_cast<void>(agent.archive());
    const std::string text = agent.text_of("first");
    for (const char* table : {"approval_requests", "approvekit_requests", "approvekit_decisions"})
        CHECK_THAT(text, ContainsSubstring("\"table\":\"" + std::string(table) + "\""));
    CHECK_THAT(text, ContainsSubstring(agent.request.nonce));
}

ARCHIVE_TEST("the entry of an archive tells who made it, and where its file ends") {
    const Archived agent(std::make_unique<TestType>());
    agent.live_through();
    const ArchiveResult result = agent.archive();
    const AuditEntry entry = agent.last_entry();
    CHECK(entry.decision == AuditEvent::archived);
    CHECK(entry.request_id == result.anchor->id);
    CHECK(entry.reviewer == "ana");
    CHECK(entry.way == "terminal");
    CHECK(entry.metadata == Json::parse(result.anchor->line()));
}

ARCHIVE_TEST("a call that is open stays with all that is told of it, and goes with a later archive") {
    const Archived agent(std::make_unique<TestType>());
    agent.approve();
    const std::string claimed = agent.claim();
    const std::string open_intent = agent.allowed();
    static_cast<void>(agent.allowed_and_ended());
    const ArchiveResult first = agent.archive();
    CHECK(first.kept == 2);
    CHECK(agent.found().run == RunState::running);
    CHECK(agent.fault() == "");
    agent.finish(claimed, RunState::executed);
    agent.storage->finish({open_intent, std::string(auto_request_id), "read_file", RunState::executed, ""});
    agent.storage->flush();
    CHECK(agent.events().back() == AuditEvent::executed);
    CHECK(agent.fault() == "");
    const ArchiveResult second = agent.archive("second");
    CHECK(second.kept == 1);  // the entry of the first archive
    CHECK_FALSE(agent.other->find(agent.request.id));
    CHECK(agent.fault() == "");
    CHECK_THAT(agent.text_of("second"), ContainsSubstring(agent.request.nonce));
}

ARCHIVE_TEST("a request that waits is approved and runs though all before it was archived") {
    const Archived agent(std::make_unique<TestType>());
    static_cast<void>(agent.allowed_and_ended());
    const ArchiveResult result = agent.archive("first", 10s);
    CHECK(result.removed == 2);
    CHECK(agent.pending() == 1);
    agent.execute();
    CHECK(agent.found().run == RunState::executed);
    CHECK(agent.fault() == "");
}

ARCHIVE_TEST("only what is from before the time is archived") {
    const Archived agent(std::make_unique<TestType>());
    static_cast<void>(agent.allowed_and_ended());
    agent.engine->clock->pass(10s);
    const Time middle = agent.engine->clock->now();
    static_cast<void>(agent.allowed_and_ended());
    agent.engine->clock->pass(10s);
    ArchiveOrder order = agent.order("first");
    order.before = middle;
    const ArchiveResult result = agent.other->archive(order);
    CHECK(result.anchor->place == 2);
    CHECK(agent.places() == std::set<std::int64_t>{3, 4, 5});
    CHECK(agent.fault() == "");
}

ARCHIVE_TEST("two who archive into the same file at once do not take it from each other") {
    const Archived agent(std::make_unique<TestType>());
    agent.live_through();
    agent.engine->clock->pass(1min);
    ArchiveOrder order = agent.order("first");
    ErrorCode refused{};
    bool is_first = true;
    order.progress = [&](std::int64_t) {
        if (!is_first) return;
        is_first = false;
        refused = error_code_of([&] { static_cast<void>(agent.storage->archive(agent.order("first"))); });
    };
    const ArchiveResult result = agent.other->archive(order);
    CHECK(refused == ErrorCode::storage_busy);
    CHECK(result.removed == result.anchor->place);
    CHECK(agent.read("first").anchor->line() == result.anchor->line());
    CHECK(agent.fault() == "");
}

ARCHIVE_TEST("nothing is moved where nothing is older, and no file is made") {
    const Archived agent(std::make_unique<TestType>());
    ArchiveOrder order = agent.order("first");
    const ArchiveResult result = agent.other->archive(order);
    CHECK_FALSE(result.anchor);
    CHECK(std::filesystem::is_empty(agent.folder.path()));
    CHECK(agent.other->archives().empty());
}

ARCHIVE_TEST("a time that has not come and a file that is there are refused, and nothing is moved") {
    const Archived agent(std::make_unique<TestType>());
    agent.live_through();
    agent.engine->clock->pass(1min);
    ArchiveOrder order = agent.order("first");
    order.before = agent.engine->clock->now() + 1s;
    CHECK(error_code_of([&] { static_cast<void>(agent.other->archive(order)); }) == ErrorCode::invalid_option);
    order = agent.order("first");
    std::ofstream(order.file) << "something else\n";
    CHECK(error_code_of([&] { static_cast<void>(agent.other->archive(order)); }) == ErrorCode::invalid_option);
    CHECK(agent.text_of("first") == "something else\n");
    CHECK(agent.other->archives().empty());
    CHECK(agent.is_intact());
}

ARCHIVE_TEST("a live grant stays with every call that it let start, and goes with them when it is over") {
    const Granted granting(std::make_unique<TestType>());
    const Grant grant = granting.given(terms_of(3));
    const std::string started = granting.start(grant);
    granting.storage->finish(
        {started, std::string(auto_request_id), grant.tool_name, RunState::executed, "", false, grant.id});
    granting.storage->flush();
    granting.engine->clock->pass(1min);
    const TemporaryDirectory folder;
    ArchiveOrder order;
    order.before = granting.engine->clock->now();
    order.file = folder / "first";
    order.reviewer = "ana";
    const ArchiveResult first = granting.other->archive(order);
    CHECK(first.removed == 0);
    CHECK(granting.fault() == "");
    const std::string last = granting.start_at_other(grant);
    CHECK(granting.found_grant(grant).used == 2);
    granting.engine->clock->pass(2h);
    static_cast<void>(granting.storage->sweep());
    order.before = granting.engine->clock->now();
    order.file = folder / "second";
    CHECK(granting.other->archive(order).removed == 0);
    CHECK(granting.fault() == "");
    // The last start has no end on record yet.
    CHECK(granting.other->find_grant(grant.id));
    granting.other->finish(
        {last, std::string(auto_request_id), grant.tool_name, RunState::executed, "", false, grant.id});
    granting.other->flush();
    granting.engine->clock->pass(1min);
    order.before = granting.engine->clock->now();
    order.file = folder / "third";
    CHECK(granting.other->archive(order).removed > 4);
    CHECK(granting.fault() == "");
    CHECK_FALSE(granting.other->find_grant(grant.id));
}

ARCHIVE_TEST("what counts for a limit stays as long as it counts, and the limit goes on as before") {
    const Archived agent(std::make_unique<TestType>());
    const LimitUse call = use_of(1, 3);
    agent.end(agent.start(call), RunState::executed);
    agent.end(agent.start(call), RunState::executed);
    static_cast<void>(agent.archive());
    CHECK(agent.used() == 2);
    CHECK(agent.started(call) == 1);
    CHECK(agent.fault() == "");
    agent.engine->clock->pass(3h);
    const ArchiveResult second = agent.archive("second");
    CHECK(second.removed > 0);
    CHECK(agent.used() == 0);
    CHECK(agent.started(call) == 3);
    CHECK(agent.fault() == "");
}

ARCHIVE_TEST("what counts for a limit no more goes with its calls, however many there are in a bucket") {
    const Archived agent(std::make_unique<TestType>());
    for (int call = 0; call < 120; ++call)
        agent.end(agent.start(use_of(1, 500)), RunState::executed);
    LimitUse other = use_of(1, 500);
    other.bucket = "\"bob\"";
    agent.end(agent.start(other), RunState::executed);
    const ArchiveResult result = agent.archive("first", 3h);
    CHECK(result.kept == 0);
    CHECK(agent.used() == 0);
    CHECK(agent.fault() == "");
}

ARCHIVE_TEST("a stop stays on record, in force or not") {
    const Archived agent(std::make_unique<TestType>());
    const Stop stop = agent.storage->stop({"a test", "*", "*"}, "ana", "terminal");
    static_cast<void>(agent.archive());
    CHECK(error_code_of([&] { static_cast<void>(agent.allowed()); }) == ErrorCode::stopped);
    static_cast<void>(agent.storage->resume(stop.id, "ana", "terminal"));
    static_cast<void>(agent.archive("second"));
    CHECK(agent.other->stops(StopList::all).size() == 1);
    CHECK(agent.fault() == "");
}

ARCHIVE_TEST("a call with a key that ran is not started again when its request was archived") {
    const Keyed keyed(std::make_unique<TestType>());
    static_cast<void>(keyed.storage->submit(keyed.request, call_with()));
    keyed.approve();
    keyed.execute(*keyed.storage, "as it should");
    keyed.engine->clock->pass(1min);
    const TemporaryDirectory folder;
    ArchiveOrder order;
    order.before = keyed.engine->clock->now();
    order.file = folder / "first";
    order.reviewer = "ana";
    static_cast<void>(keyed.storage->archive(order));
    CHECK_FALSE(keyed.storage->find(keyed.request.id));
    const KeyedAnswer answer = keyed.ask();
    CHECK(answer.kind == Kind::ended);
    CHECK(answer.run == RunState::executed);
    CHECK(answer.note == "as it should");
    CHECK(keyed.storage->verify_audit().intact());
}

ARCHIVE_TEST("what is held is not removed, until the hold is released") {
    const Archived agent(std::make_unique<TestType>());
    agent.live_through();
    const std::string call = agent.allowed_and_ended();
    const AuditHold hold = agent.other->hold(agent.request.id, "a dispute", "ana", "terminal");
    static_cast<void>(agent.other->hold(call, "the same dispute", "ana", "terminal"));
    CHECK(agent.last_entry().decision == AuditEvent::held);
    static_cast<void>(agent.archive());
    CHECK(agent.found().status == ApprovalStatus::approved);
    CHECK(agent.fault() == "");
    CHECK(agent.other->holds(false).size() == 2);
    CHECK(agent.other->release_hold(agent.request.id, "bob", "web").ended_by == "bob");
    CHECK(agent.other->release_hold(call, "bob", "web").ended_way == "web");
    static_cast<void>(agent.archive("second"));
    CHECK_FALSE(agent.other->find(agent.request.id));
    CHECK(agent.other->holds(true).empty());
    CHECK(agent.fault() == "");
    CHECK(hold.in_force());
}

ARCHIVE_TEST("what is held while an archive is being made stays") {
    const Archived agent(std::make_unique<TestType>());
    agent.live_through();
    const std::string call = agent.allowed_and_ended();
    agent.engine->clock->pass(1min);
    ArchiveOrder order = agent.order("first");
    bool is_held = false;
    order.progress = [&](std::int64_t) {
        if (!is_held) agent.storage->hold(call, "a dispute", "bob", "web");
        is_held = true;
    };
    const ArchiveResult result = agent.other->archive(order);
    CHECK(is_held);
    CHECK(result.kept == 2);
    CHECK(agent.places().contains(result.anchor->place));
    CHECK(agent.fault() == "");
}

ARCHIVE_TEST("what an archive is about to remove cannot be held any more, and what it leaves can") {
    const Archived agent(std::make_unique<TestType>());
    for (int call = 0; call < 30; ++call)
        static_cast<void>(agent.allowed_and_ended());  // more entries than are removed at once
    agent.live_through();
    const std::string call = agent.allowed_and_ended();
    const ApprovalRequest waiting = held_request(*agent.engine->clock);
    agent.storage->submit(waiting);
    agent.engine->clock->pass(10s);
    ArchiveOrder order = agent.order("first");
    const auto held = [&](const std::string& subject) {
        return error_code_of([&] { agent.storage->hold(subject, "a dispute", "bob", "web"); });
    };
    bool is_removing = false;
    order.progress = [&](std::int64_t) {
        if (is_removing || agent.other->archives().empty()) return;
        is_removing = true;
        CHECK(held(agent.request.id) == ErrorCode::storage_busy);
        CHECK(held(call) == ErrorCode::storage_busy);
        agent.storage->hold(waiting.id, "a dispute", "bob", "web");
    };
    static_cast<void>(agent.other->archive(order));
    CHECK(is_removing);
    CHECK(held(agent.request.id) == ErrorCode::not_found);
    CHECK(agent.fault() == "");
}

ARCHIVE_TEST("a hold is on something that is there, by somebody and for a reason, and is ended once") {
    const Archived agent(std::make_unique<TestType>());
    const auto held = [&](const std::string& subject, const std::string& reason) {
        return error_code_of([&] { agent.other->hold(subject, reason, "ana", "terminal"); });
    };
    CHECK(held("none", "a test") == ErrorCode::not_found);
    CHECK(held(agent.request.id, " ") == ErrorCode::invalid_option);
    CHECK(error_code_of([&] { agent.other->release_hold(agent.request.id, "ana", "terminal"); }) ==
          ErrorCode::not_found);
    static_cast<void>(agent.other->hold(agent.request.id, "a test", "ana", "terminal"));
    CHECK(agent.other->hold(agent.request.id, "another", "bob", "web").reviewer == "ana");
    static_cast<void>(agent.other->release_hold(agent.request.id, "ana", "terminal"));
    static_cast<void>(agent.other->release_hold(agent.request.id, "ana", "terminal"));
    CHECK(error_code_of([&] { agent.other->release_hold(agent.request.id, "bob", "terminal"); }) ==
          ErrorCode::already_decided);
    CHECK(agent.fault() == "");
}

ARCHIVE_TEST("a signed archive bears out who made it, and one that was changed does not") {
    const Archived agent(std::make_unique<TestType>());
    agent.live_through();
    const ReviewerKey key = ReviewerKey::generate("ana");
    agent.engine->clock->pass(1min);
    const ArchiveResult result = agent.other->archive(agent.order("first", &key));
    const std::vector<TrustedReviewer> trusted{{"ana", key.public_key()}};
    REQUIRE(result.anchor);
    CHECK_FALSE(result.anchor->doubt(trusted));
    ArchiveAnchor changed = *result.anchor;
    changed.place += 1;
    CHECK(changed.doubt(trusted));
    CHECK(agent.last_entry().is_signed);
}

ARCHIVE_TEST(
    "a checkpoint from before an archive fits with what its file tells, and one from within the record as ever") {
    const Archived agent(std::make_unique<TestType>());
    agent.live_through();
    const Checkpoint old = Checkpoint::of(agent.other->verify_audit(), agent.engine->clock->now());
    static_cast<void>(agent.allowed_and_ended());
    static_cast<void>(agent.archive());
    AuditReport report = agent.other->verify_audit({}, old.sequence);
    CHECK_THAT(old.objection(report).value_or(""), ContainsSubstring("is in an archive"));
    std::ifstream file(agent.folder / "first", std::ios::binary);
    static_cast<void>(verify_archive(file, [&](const ArchivedEntry& entry) {
        if (entry.place == old.sequence) report.marked = entry.head;
    }));
    CHECK_FALSE(old.objection(report));
    const AuditReport now = agent.other->verify_audit();
    const Checkpoint young = Checkpoint::of(now, agent.engine->clock->now());
    CHECK_FALSE(young.objection(agent.other->verify_audit({}, young.sequence)));
}

ARCHIVE_TEST("an archive that lost its end, a byte or a line is found to be changed") {
    const Archived agent(std::make_unique<TestType>());
    agent.live_through();
    static_cast<void>(agent.archive());
    const std::string text = agent.text_of("first");
    const auto is_intact = [](const std::string& changed) {
        std::istringstream in(changed);
        return verify_archive(in).audit.intact();
    };
    CHECK(is_intact(text));
    for (std::size_t at = 0; at < text.size(); at += 7) {
        std::string changed = text;
        changed[at] = changed[at] == 'x' ? 'y' : 'x';
        CHECK_FALSE(is_intact(changed));
    }
    for (std::size_t line_end = text.find('\n'); line_end + 1 < text.size(); line_end = text.find('\n', line_end + 1)) {
        CHECK_FALSE(is_intact(text.substr(0, line_end + 1)));
        CHECK_FALSE(is_intact(text.substr(line_end + 1)));
    }
    CHECK_FALSE(is_intact(text + text));
    CHECK_FALSE(is_intact(text.substr(0, text.size() - 1)));
}
