#include "approvekit/approvekit.hpp"

#include "support/catch.hpp"
#include "support/eventually.hpp"
#include "support/temporary_directory.hpp"

#include <cmath>
#include <functional>
#include <memory>
#include <string>
#include <thread>

using namespace approvekit;

namespace {

PolicyRule rule(const std::string& tool, bool require_approval, std::vector<std::string> redact_fields = {}) {
    PolicyRule rule;
    rule.tool = tool;
    rule.require_approval = require_approval;
    rule.redact_fields = std::move(redact_fields);
    rule.timeout = std::chrono::seconds{30};
    return rule;
}

struct Fixture {
    TemporaryDirectory directory;
    std::shared_ptr<SqliteStorage> storage = std::make_shared<SqliteStorage>(directory / "approve.db");
    Policy policy = Policy().add_rule(rule("free", false)).add_rule(rule("held", true, {"secret"}));
    ApproveKit kit{policy, storage};

    /// Waits for the next request.
    ApprovalRequest pending() {
        RequestPage page;
        REQUIRE(eventually([&] { return !(page = storage->list({})).requests.empty(); }));
        return page.requests.front();
    }

    /// Runs `work` while a reviewer decides the one request that it makes.
    template <typename Work>
    auto decided(Verdict verdict, Work work) {
        std::jthread reviewer([&] {
            const std::string id = pending().id;
            verdict == Verdict::approve ? kit.approve(id, {.notes = "go ahead", .reviewer = "ana"})
                                        : kit.reject(id, {.notes = "not today", .reviewer = "ana"});
        });
        return work();
    }

    std::vector<AuditEntry> audit() {
        storage->flush();
        AuditQuery query;
        query.oldest_first = true;
        return storage->audit(query).entries;
    }
};

int add(int a, int b) {
    return a + b;
}

struct Counter {
    int total = 0;
    int increase(int by) { return total += by; }
};

struct MoveOnlyTool {
    std::unique_ptr<int> base = std::make_unique<int>(40);
    std::unique_ptr<int> operator()(int by) { return std::make_unique<int>(*base + by); }
};

struct NoDefault {
    explicit NoDefault(int given) : value(given) {}
    int value;
};

void to_json(Json& json, const NoDefault& object) {
    json = object.value;
}

}  // namespace

TEST_CASE("a guarded tool keeps the parameters and the result of the tool") {
    Fixture fixture;
    const ApproveKit& kit = fixture.kit;
    SECTION("free function") {
        REQUIRE(kit.guard("free", {"a", "b"}, add)(2, 3) == 5);
    }
    SECTION("pointer to function") {
        REQUIRE(kit.guard("free", {"a", "b"}, &add)(2, 3) == 5);
    }
    SECTION("lambda") {
        auto shout = kit.guard("free", {"text"}, [](std::string text) { return text + "!"; });
        REQUIRE(shout("hey") == "hey!");
    }
    SECTION("mutable lambda without result") {
        int calls = 0;
        auto count = kit.guard("free", {"by"}, [&calls](int by) mutable { calls += by; });
        count(2);
        REQUIRE(calls == 2);
    }
    SECTION("std::function") {
        REQUIRE(kit.guard("free", {"a", "b"}, std::function<int(int, int)>(add))(1, 1) == 2);
    }
    SECTION("member function with its object") {
        Counter counter;
        REQUIRE(kit.guard("free", {"by"}, &Counter::increase, counter)(3) == 3);
        REQUIRE(counter.total == 3);
    }
    SECTION("bound member function") {
        Counter counter;
        REQUIRE(kit.guard("free", {"by"}, std::bind_front(&Counter::increase, &counter))(4) == 4);
    }
    SECTION("generic lambda") {
        REQUIRE(kit.guard("free", {"a", "b"}, [](auto a, auto b) { return a + b; })(1, 2.5) == 3.5);
    }
    SECTION("generic lambda that is called with views of a text") {
        const std::string text = "a long text, of which a part is passed";
        const auto keep = kit.guard("free", {"a"}, [](auto a) { return std::string("got ") + a; });
        REQUIRE(keep(std::string_view(text).substr(0, 6)) == "got a long");
        REQUIRE(keep.attempt(std::string_view(text).substr(2, 4)).value() == "got long");
        REQUIRE(keep.submit(text.c_str()).get() == "got " + text);
        REQUIRE(keep.submit(std::string_view(text).substr(0, 1)).get() == "got a");
    }
    SECTION("move-only callable with a move-only result") {
        REQUIRE(*kit.guard("free", {"by"}, MoveOnlyTool{})(2) == 42);
    }
    SECTION("parameters that cannot be made from nothing") {
        REQUIRE(kit.guard("free", {"object"}, [](const NoDefault& object) { return object.value; })(NoDefault(7)) == 7);
    }
    SECTION("text views and literals") {
        auto length = kit.guard("free", {"a", "b"},
                                [](std::string_view a, const char* b) { return a.size() + std::string(b).size(); });
        REQUIRE(length("abc", "de") == 5);
    }
    SECTION("references to the caller's object") {
        std::string text = "a";
        kit.guard("free", {"text"}, [](std::string& out) { out += "b"; })(text);
        REQUIRE(text == "ab");
    }
    SECTION("no parameters") {
        REQUIRE(kit.guard("free", [] { return 1; })() == 1);
        REQUIRE(kit.guard("free", {}, [] { return 2; })() == 2);
    }
    SECTION("a JSON tool, whose other parameters pass through") {
        int out = 0;
        auto tool = kit.guard("free", [](const Json& json, int& result) { result = json.at("n").get<int>(); });
        tool({{"n", 5}}, out);
        REQUIRE(out == 5);
    }
}

TEST_CASE("an allowed call leaves an intent before it runs and its outcome after") {
    Fixture fixture;
    std::size_t entries_while_running = 0;
    auto tool = fixture.kit.guard("free", {"n"},
                                  [&](int) { entries_while_running = fixture.storage->audit({}).entries.size(); });
    tool(1);
    REQUIRE(entries_while_running == 1);
    const auto audit = fixture.audit();
    REQUIRE(audit.size() == 2);
    REQUIRE(audit[0].decision == AuditEvent::approved);
    REQUIRE(audit[0].request_id == "auto");
    REQUIRE(audit[0].reviewer_notes == "auto-approved by policy");
    REQUIRE(audit[0].tool_args == Json{{"n", 1}});
    REQUIRE(audit[1].decision == AuditEvent::executed);
    REQUIRE(audit[1].follows == audit[0].id);
}

TEST_CASE("a held call runs once it is approved") {
    Fixture fixture;
    auto tool = fixture.kit.guard("held", {"n", "secret"}, [](int n, const std::string&) { return n * 2; });
    REQUIRE(fixture.decided(Verdict::approve, [&] { return tool(21, "hunter22"); }) == 42);
    const auto audit = fixture.audit();
    REQUIRE(audit.size() == 2);
    REQUIRE(audit[0].reviewer == "ana");
    REQUIRE(audit[0].tool_args.at("secret") == "[REDACTED]");
    REQUIRE(audit[1].decision == AuditEvent::executed);
}

TEST_CASE("a rejected call does not run and carries the reviewer's notes") {
    Fixture fixture;
    bool ran = false;
    auto tool = fixture.kit.guard("held", {"n"}, [&](int) { ran = true; });
    SECTION("as an exception") {
        try {
            fixture.decided(Verdict::reject, [&] { tool(1); });
            FAIL("it ran");
        } catch (const ApprovalRejectedError& error) {
            REQUIRE(error.reviewer() == "ana");
            REQUIRE(std::string(error.what()).find("not today") != std::string::npos);
        }
    }
    SECTION("as a value, fit for a model") {
        const auto outcome = fixture.decided(Verdict::reject, [&] { return tool.attempt(1); });
        REQUIRE_FALSE(outcome.ran());
        REQUIRE(outcome.refusal().code == ErrorCode::rejected);
        REQUIRE(outcome.refusal().text_for_model().find("not today") != std::string::npos);
    }
    REQUIRE_FALSE(ran);
}

TEST_CASE("an unanswered call ends at its deadline and does not run") {
    Fixture fixture;
    PolicyRule brief = rule("brief", true);
    brief.timeout = std::chrono::seconds{1};
    const ApproveKit kit(Policy().add_rule(brief), fixture.storage);
    bool ran = false;
    REQUIRE_THROWS_AS(kit.guard("brief", [&] { ran = true; })(), ApprovalTimeoutError);
    REQUIRE_FALSE(ran);
    REQUIRE(fixture.audit().back().decision == AuditEvent::timeout);
}

TEST_CASE("a waiting call is cancelled with a stop token") {
    Fixture fixture;
    std::stop_source source;
    auto tool = fixture.kit.guard("held", {"n"}, [](int) {}).with(source.get_token());
    std::jthread impatient([&] {
        static_cast<void>(fixture.pending());
        source.request_stop();
    });
    REQUIRE_THROWS_AS(tool(1), ApprovalCancelledError);
    REQUIRE(fixture.storage->list({std::nullopt, 10, ""}).requests.front().status == ApprovalStatus::cancelled);
}

TEST_CASE("one thread has many tickets pending and each gets its own answer") {
    Fixture fixture;
    auto tool = fixture.kit.guard("held", {"n"}, [](int n) { return n; });
    std::vector<Ticket<int>> tickets;
    for (int n = 0; n < 20; ++n)
        tickets.push_back(tool.submit(n));
    for (int n = 0; n < 20; n += 2)
        fixture.kit.approve(tickets[static_cast<std::size_t>(n)].request_id());
    for (int n = 1; n < 20; n += 2)
        fixture.kit.reject(tickets[static_cast<std::size_t>(n)].request_id());
    for (int n = 0; n < 20; ++n) {
        auto& ticket = tickets[static_cast<std::size_t>(n)];
        REQUIRE(ticket.ready());
        const auto outcome = ticket.attempt();
        REQUIRE(outcome.ran() == (n % 2 == 0));
        if (outcome.ran()) REQUIRE(outcome.value() == n);
    }
}

TEST_CASE("a dropped ticket withdraws its request") {
    Fixture fixture;
    {
        const auto ticket = fixture.kit.guard("held", {"n"}, [](int) {}).submit(1);
    }
    REQUIRE(fixture.storage->list({}).requests.empty());
    REQUIRE(fixture.audit().back().decision == AuditEvent::cancelled);
}

TEST_CASE("H24 a caller that changes its objects while the call waits changes nothing that runs") {
    Fixture fixture;
    std::string text = "shown";
    std::string seen;
    auto tool = fixture.kit.guard("held", {"text"}, [&](const std::string& value) { seen = value; });
    std::jthread caller([&] { tool(text); });
    const ApprovalRequest request = fixture.pending();
    text = "changed";
    fixture.kit.approve(request.id);
    caller.join();
    REQUIRE(seen == "shown");
}

TEST_CASE("H30 H49 a tool that throws is recorded as failed, with its text redacted") {
    Fixture fixture;
    auto tool = fixture.kit.guard("held", {"secret"}, [](const std::string& secret) {
        throw std::runtime_error("cannot log in with " + secret);
    });
    REQUIRE_THROWS_WITH(fixture.decided(Verdict::approve, [&] { tool("hunter22"); }), "cannot log in with hunter22");
    const auto audit = fixture.audit();
    REQUIRE(audit.back().decision == AuditEvent::failed);
    REQUIRE(audit.back().reviewer_notes == "cannot log in with [REDACTED]");
}

TEST_CASE("H76 an error text is cut only after it was redacted, and the caller gets it whole") {
    Fixture fixture;
    auto tool = fixture.kit.guard("held", {"secret"}, [](const std::string& secret) {
        throw std::runtime_error(std::string(maximum_outcome_note_bytes - 27, 'x') + secret + std::string(1000, 'y'));
    });
    REQUIRE_THROWS_WITH(fixture.decided(Verdict::approve, [&] { tool("hunter22"); }),
                        Catch::Matchers::EndsWith("hunter22" + std::string(1000, 'y')));
    const std::string note = fixture.audit().back().reviewer_notes.value_or("");
    REQUIRE(note.size() > 100);
    REQUIRE(note.substr(note.size() - 28) == "xx[RED [1006 bytes left out]");
}

TEST_CASE("G7 H49 a reviewer's note that holds a hidden value is masked before it is stored") {
    Fixture fixture;
    auto tool = fixture.kit.guard("held", {"secret"}, [](const std::string&) {});
    auto ticket = tool.submit("hunter22");
    fixture.kit.reject(ticket.request_id(), {.notes = "hunter22 is a bad password"});
    REQUIRE(fixture.storage->find(ticket.request_id())->reviewer_notes == "[REDACTED] is a bad password");
    REQUIRE(ticket.attempt().refusal().notes == "[REDACTED] is a bad password");
}

TEST_CASE("an agent loop hands over a name and JSON text") {
    Fixture fixture;
    auto tool = [](const Json& arguments) { return arguments.at("n").get<int>(); };
    REQUIRE(fixture.kit.call("free", R"({"n": 3})", tool) == 3);
    REQUIRE_THROWS_AS(fixture.kit.call("free", "{\"n\": ", tool), ArgumentsRefusedError);
    const auto outcome = fixture.kit.try_call("free", "{'n': 1}", tool);
    REQUIRE_FALSE(outcome.ran());
    REQUIRE(outcome.refusal().code == ErrorCode::invalid_arguments);
    REQUIRE(outcome.refusal().tool_name == "free");
}

TEST_CASE("H46 arguments that cannot be shown are refused before anything is stored or run") {
    Fixture fixture;
    bool ran = false;
    auto tool = fixture.kit.guard("free", [&](const Json&) { ran = true; });
    Json deep = 1;
    for (int i = 0; i < 3000; ++i)
        deep = Json::array({std::move(deep)});
    REQUIRE_THROWS_AS(tool(Json{{"n", std::nan("")}}), ArgumentsRefusedError);
    REQUIRE_THROWS_AS(tool(Json{{"s", "\xff\xfe"}}), ArgumentsRefusedError);
    REQUIRE_THROWS_AS(tool(deep), ArgumentsRefusedError);
    REQUIRE_THROWS_AS(tool(Json{{"s", std::string(2u << 20, 'x')}}), ArgumentsRefusedError);
    REQUIRE_FALSE(ran);
    REQUIRE(fixture.audit().empty());
}

TEST_CASE("G12 a tool that no rule matches is held, and a denied one is refused and recorded") {
    Fixture fixture;
    auto ticket = fixture.kit.guard("never heard of", {"n"}, [](int) {}).submit(1);
    REQUIRE(fixture.pending().id == ticket.request_id());
    const ApproveKit strict(Policy().set_unmatched(Unmatched::deny), fixture.storage);
    REQUIRE_THROWS_AS(strict.guard("other", [] {})(), PolicyDeniedError);
    REQUIRE(fixture.audit().back().decision == AuditEvent::denied);
}

TEST_CASE("H28 a thousand calls wait at once and each is answered") {
    Fixture fixture;
    PolicyRule patient = rule("held", true);
    patient.timeout = std::chrono::hours{1};
    const ApproveKit kit(Policy().add_rule(patient), fixture.storage);
    auto tool = kit.guard("held", {"n"}, [](int n) { return n; });
    std::vector<Ticket<int>> tickets;
    for (int n = 0; n < 1000; ++n)
        tickets.push_back(tool.submit(n));
    for (const auto& ticket : tickets)
        fixture.kit.approve(ticket.request_id());
    for (int n = 0; n < 1000; ++n)
        REQUIRE(tickets[static_cast<std::size_t>(n)].get() == n);
}
