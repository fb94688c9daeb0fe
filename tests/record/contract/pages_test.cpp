// Lists, and texts that are too long for the record.
#include "approvekit/error.hpp"
#include "record/contract/agent.hpp"
#include "support/eventually.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

using namespace approvekit;
using namespace approvekit::contract;

CONTRACT_TEST("H15 lists come in pages that neither repeat nor leave out a request") {
    TestType engine;
    const auto storage = engine.open();
    for (int i = 0; i < 25; ++i) {
        storage->submit(held_request(*engine.clock));
        if (i % 3 == 0) engine.clock->pass(std::chrono::microseconds{1});
    }
    for (const auto& status : {std::optional(ApprovalStatus::pending), std::optional<ApprovalStatus>()}) {
        RequestQuery query{status, 10, ""};
        std::vector<std::string> ids;
        do {
            const RequestPage page = storage->list(query);
            for (const auto& request : page.requests)
                ids.push_back(request.id);
            query.cursor = page.next;
        } while (!query.cursor.empty());
        REQUIRE(ids.size() == 25);
        std::sort(ids.begin(), ids.end());
        REQUIRE(std::unique(ids.begin(), ids.end()) == ids.end());
    }
}

CONTRACT_TEST("H76 error texts of 8 MB are cut when they are written, and say how much was left out") {
    TestType engine;
    const auto storage = engine.open();
    const ApprovalRequest request = held_request(*engine.clock);
    storage->submit(request);
    storage->decide(decision_on(request, Verdict::approve));
    RunOutcome outcome;
    outcome.entry_id = storage->claim({request.id, request.view_digest, {}});
    outcome.request_id = request.id;
    outcome.tool_name = request.tool_name;
    outcome.state = RunState::failed;
    outcome.note = "\u00e9";
    while (outcome.note.size() < std::size_t{8} << 20)
        outcome.note += outcome.note;
    storage->finish(outcome);
    storage->flush();

    const std::string note = storage->find(request.id)->run_note;
    CHECK(note.size() <= maximum_outcome_note_bytes);
    CHECK(note.ends_with("\u00e9 [8372250 bytes left out]"));
    CHECK((storage->audit({}).entries.front().reviewer_notes == note));
    CHECK(storage->verify_audit().intact());
}

CONTRACT_TEST("H76 the reason of an end is cut when it is written") {
    TestType engine;
    const auto storage = engine.open();
    const ApprovalRequest request = held_request(*engine.clock);
    storage->submit(request);
    const std::string reason(std::size_t{8} << 20, 'x');
    CHECK(storage->end(request.id, ApprovalStatus::cancelled, reason).reviewer_notes->size() <=
          maximum_outcome_note_bytes);
}

CONTRACT_TEST("H15 the audit comes in pages that neither repeat nor leave out an entry, in both orders") {
    TestType engine;
    const auto storage = engine.open();
    for (int i = 0; i < 25; ++i)
        static_cast<void>(storage->record_intent({"t", "{}", "{}", "auto"}));
    for (const bool oldest_first : {true, false}) {
        AuditQuery query{.request_id = "", .limit = 10, .cursor = "", .oldest_first = oldest_first};
        std::vector<std::int64_t> places;
        do {
            const AuditPage page = storage->audit(query);
            for (const AuditEntry& entry : page.entries)
                places.push_back(entry.sequence);
            query.cursor = page.next;
        } while (!query.cursor.empty());
        REQUIRE(places.size() == 25);
        CHECK(places.front() == (oldest_first ? 1 : 25));
        CHECK((oldest_first ? std::is_sorted(places.begin(), places.end())
                            : std::is_sorted(places.rbegin(), places.rend())));
    }
}

CONTRACT_TEST("a cursor that no page handed out is refused") {
    TestType engine;
    const auto storage = engine.open();
    CHECK(error_code_of([&] {
              static_cast<void>(storage->list({.status = std::nullopt, .limit = 1, .cursor = "x"}));
          }) == ErrorCode::invalid_option);
    CHECK(error_code_of([&] { static_cast<void>(storage->audit({.request_id = "", .limit = 1, .cursor = "x"})); }) ==
          ErrorCode::invalid_option);
}

CONTRACT_TEST("ids are found by their beginning, whatever its case") {
    const Agent agent(std::make_unique<TestType>());
    std::string prefix = agent.request.id.substr(0, 8);
    std::transform(prefix.begin(), prefix.end(), prefix.begin(),
                   [](char c) { return c >= 'a' ? static_cast<char>(c - 32) : c; });
    CHECK(agent.storage->find_ids(prefix, 2) == std::vector{agent.request.id});
    CHECK(agent.storage->find_ids("x", 2).empty());
    CHECK(agent.storage->find_ids("", 0).empty());
}

CONTRACT_TEST("given a subscription, then every change is told, whoever makes it") {
    struct Collector final : ChangeListener {
        void on_change(const Change& change) noexcept override {
            const std::lock_guard lock(mutex);
            seen.push_back(change);
        }
        void on_watch_failed(const std::string& /*reason*/) noexcept override {}
        /// Whether it was told of this, or was told that something may have been missed and to look at everything.
        bool saw(ApprovalStatus status, const std::string& id) {
            const std::lock_guard lock(mutex);
            return std::any_of(seen.begin(), seen.end(), [&](const Change& change) {
                return change.request_id.empty() || (change.request_id == id && change.status == status);
            });
        }
        std::mutex mutex;
        std::vector<Change> seen;
    };
    const Agent agent(std::make_unique<TestType>());
    const auto reviewer = agent.engine->open();
    const auto of_agent = std::make_shared<Collector>();
    const auto of_reviewer = std::make_shared<Collector>();
    auto subscription = agent.storage->subscribe(of_agent);
    const auto kept = reviewer->subscribe(of_reviewer);
    const ApprovalRequest request = agent.submitted();
    CHECK(eventually([&] { return of_reviewer->saw(ApprovalStatus::pending, request.id); }));
    reviewer->decide(decision_on(request, Verdict::reject));
    CHECK(eventually([&] { return of_agent->saw(ApprovalStatus::rejected, request.id); }));
    subscription.reset();
    CHECK_FALSE(agent.storage->list({.status = std::nullopt, .limit = 9, .cursor = {}}).requests.empty());
}
