// What a guarded call does if its arguments, its storage or its process are hostile.
#include "approvekit/approvekit.hpp"

#include "approvekit/digest.hpp"
#include "approvekit/reviewer.hpp"
#include "approvekit/sqlite_storage.hpp"
#include "support/broken_disk.hpp"
#include "support/catch.hpp"
#include "support/error_code_of.hpp"
#include "support/eventually.hpp"
#include "support/forked_child.hpp"
#include "support/other_program.hpp"
#include "support/temporary_directory.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <cerrno>
#include <cmath>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

using namespace approvekit;
using Catch::Matchers::ContainsSubstring;

namespace {

PolicyRule rule_of(const std::string& tool, bool require_approval) {
    PolicyRule rule;
    rule.tool = tool;
    rule.require_approval = require_approval;
    rule.redact_fields = {"secret", "pin"};
    rule.timeout = std::chrono::seconds{30};
    return rule;
}

SqliteStorage::Options impatient() {
    SqliteStorage::Options options;
    options.busy_timeout = std::chrono::milliseconds{30};
    return options;
}

/// An agent whose tools "free" and "held" only note that they ran.
struct AttackedAgent {
    TemporaryDirectory directory;
    std::filesystem::path path = directory / "approve.db";
    std::shared_ptr<SqliteStorage> storage = std::make_shared<SqliteStorage>(path, impatient());
    ApproveKit kit{Policy().add_rule(rule_of("free", false)).add_rule(rule_of("held", true)), storage};
    std::shared_ptr<int> runs = std::make_shared<int>(0);

    [[nodiscard]] auto tool(const std::string& name) const {
        return kit.guard(name, [runs = runs](const Json&) { ++*runs; });
    }

    [[nodiscard]] std::vector<AuditEntry> audit() const {
        storage->flush();
        AuditQuery query;
        query.oldest_first = true;
        return storage->audit(query).entries;
    }

    /// A reviewer in another process, which knows no secrets.
    [[nodiscard]] Reviewer reviewer() const { return {std::make_shared<SqliteStorage>(path), "ana", "terminal"}; }
};

/// Every value of every row of the file.
std::set<std::string> stored_values(const std::filesystem::path& path) {
    SQLite::Database database = as_other_program(path, SQLite::OPEN_READONLY);
    std::set<std::string> values;
    SQLite::Statement tables(database, "SELECT name FROM sqlite_master WHERE type = 'table'");
    while (tables.executeStep()) {
        SQLite::Statement rows(database, "SELECT * FROM " + tables.getColumn(0).getString());
        while (rows.executeStep()) {
            for (int column = 0; column < rows.getColumnCount(); ++column) {
                values.insert(rows.getColumn(column).getString());
            }
        }
    }
    return values;
}

std::string bytes_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

Json nested(int depth) {
    Json value = 1;
    for (int level = 0; level < depth; ++level)
        value = Json::array({std::move(value)});
    return value;
}

}  // namespace

TEST_CASE("H24 what a ticket runs is what was asked, whatever became of the caller's objects") {
    const AttackedAgent agent;
    SECTION("a JSON value") {
        Json seen;
        Json arguments = {{"to", Json::array({"ana"})}};
        auto ticket = agent.kit.guard("held", [&](const Json& given) { seen = given; }).submit(arguments);
        arguments["to"].push_back("eve");
        agent.kit.approve(ticket.request_id());
        ticket.get();
        CHECK(seen == Json{{"to", {"ana"}}});
    }
    SECTION("a view into a text that is gone by then") {
        std::string seen;
        auto text = std::make_unique<std::string>("a text that is too long to live inside of its object");
        auto tool = agent.kit.guard("held", {"text"}, [&](std::string_view given) { seen = given; });
        auto ticket = tool.submit(*text);
        text.reset();
        agent.kit.approve(ticket.request_id());
        ticket.get();
        CHECK(seen == "a text that is too long to live inside of its object");
    }
    SECTION("a list that the tool takes by reference") {
        std::vector<std::string> list{"ana"};
        std::vector<std::string> seen;
        auto tool = agent.kit.guard("held", {"list"}, [&](std::vector<std::string>& given) { seen = given; });
        auto ticket = tool.submit(list);
        list.emplace_back("eve");
        agent.kit.approve(ticket.request_id());
        ticket.get();
        CHECK(seen == std::vector<std::string>{"ana"});
    }
}

TEST_CASE("G4 H29 in a forked child no call of the parent's kit runs") {
    const AttackedAgent agent;
    auto ticket = agent.tool("held").submit({{"n", 1}});
    ForkedChild child([&](const ForkedChild::Report& report) {
        report();
        { const auto inherited = std::move(ticket); }
        const bool refused = error_code_of([&] {
                                 agent.tool("free")({{"n", 1}});
                             }) == ErrorCode::storage_forked &&
                             error_code_of([&] {
                                 agent.tool("held")({{"n", 1}});
                             }) == ErrorCode::storage_forked &&
                             error_code_of([&] { agent.kit.approve("some id"); }) == ErrorCode::storage_forked;
        ::_exit(refused && *agent.runs == 0 ? 42 : 1);
    });
    CHECK(child.wait() == 42);
    CHECK(agent.storage->find(ticket.request_id())->status == ApprovalStatus::pending);
    CHECK(agent.audit().empty());
}

TEST_CASE("H30 a run that throws is recorded as failed, with its text and without its secrets") {
    const AttackedAgent agent;
    SECTION("an allowed call") {
        auto tool = agent.kit.guard("free", [](const Json& arguments) {
            throw std::runtime_error("no entry for " + arguments.at("secret").get<std::string>());
        });
        CHECK_THROWS_WITH(tool({{"secret", "hunter22"}}), "no entry for hunter22");
        CHECK(agent.audit().back().reviewer_notes == "no entry for [REDACTED]");
    }
    SECTION("with a text that is not UTF-8") {
        auto tool = agent.kit.guard("free", [](const Json&) { throw std::runtime_error("broken \xff"); });
        CHECK_THROWS_WITH(tool({{"n", 1}}), "broken \xff");
    }
    SECTION("something that is no exception at all") {
        auto tool = agent.kit.guard("free", [](const Json&) { throw 7; });
        CHECK_THROWS_AS(tool({{"n", 1}}), int);
    }
    const auto audit = agent.audit();
    REQUIRE(audit.size() == 2);
    CHECK(audit[0].decision == AuditEvent::approved);
    CHECK(audit[1].decision == AuditEvent::failed);
    CHECK(agent.storage->verify_audit().intact());
}

TEST_CASE("G4 H32 where the intent cannot be made durable, neither an allowed nor a held call runs") {
    using Breakage = std::function<std::shared_ptr<void>(const AttackedAgent&)>;
    struct Fault {
        const char* what;
        Breakage breaks;
        ErrorCode code;
    };
    const auto fault = GENERATE(values<Fault>({
        {"locked",
         [](const AttackedAgent& agent) {
             auto blocker = std::make_shared<SQLite::Database>(as_other_program(agent.path));
             blocker->exec("BEGIN EXCLUSIVE");
             return blocker;
         },
         ErrorCode::storage_busy},
        {"full", [](const AttackedAgent&) { return std::make_shared<UnwritableDisk>(ENOSPC); },
         ErrorCode::storage_full},
        {"failing", [](const AttackedAgent&) { return std::make_shared<UnwritableDisk>(EIO); }, ErrorCode::storage_io},
        {"read-only from one moment to the next",
         [](const AttackedAgent&) { return std::make_shared<UnwritableDisk>(EROFS); }, ErrorCode::storage_io},
    }));
    CAPTURE(fault.what);
    const AttackedAgent agent;
    auto ticket = agent.tool("held").submit({{"n", 1}});
    agent.kit.approve(ticket.request_id());
    {
        const std::shared_ptr<void> broken = fault.breaks(agent);
        CHECK(error_code_of([&] { agent.tool("free")({{"n", 1}}); }) == fault.code);
        CHECK(error_code_of([&] { agent.tool("held")({{"n", 1}}); }) == fault.code);
        CHECK(error_code_of([&] { ticket.get(); }) == fault.code);
        CHECK(*agent.runs == 0);
    }
    CHECK(agent.storage->list({}).requests.empty());
    for (const AuditEntry& entry : agent.audit()) {
        CHECK((entry.decision == AuditEvent::approved || entry.decision == AuditEvent::refused));
    }
    agent.tool("free")({{"n", 1}});
    CHECK(*agent.runs == 1);
    CHECK(agent.storage->verify_audit().intact());
}

TEST_CASE("H32 a database that can only be read lets nothing run") {
    const AttackedAgent agent;
    const ReadOnlyDisk disk;
    CHECK(error_code_of([&] {
              const ApproveKit kit(Policy().add_rule(rule_of("free", false)),
                                   std::make_shared<SqliteStorage>(agent.path));
              kit.guard("free", [&](const Json&) { ++*agent.runs; })({{"n", 1}});
          }) == ErrorCode::storage_read_only);
    CHECK(*agent.runs == 0);
}

TEST_CASE("H46 arguments that cannot be shown are refused before anything is stored or run, however they come") {
    const AttackedAgent agent;
    const std::string deep(3000, '[');
    const std::vector<Json> values = {{{"n", std::nan("")}},
                                      {{"n", -INFINITY}},
                                      {{"list", {1, {{"x", INFINITY}}}}},
                                      {{"s", "\xff\xfe"}},
                                      {{"\xc0\x9b", 1}},
                                      {{"bytes", Json::binary({1, 2})}},
                                      nested(3000),
                                      {{"s", std::string(100'000'000, 'x')}}};
    const std::vector<std::string> texts = {
        "{\"n\":NaN}", "{\"n\":1e999}", "{\"s\":\"\xff\"}",  "{\"s\":\"\\ud800\"}",
        deep,          "{\"a\":1} x",   "{\"a\":1,\"a\":2}", std::string(100'000'000, ' ')};
    for (const std::string name : {"free", "held"}) {
        for (const Json& value : values) {
            CHECK(error_code_of([&] { agent.tool(name)(value); }) == ErrorCode::invalid_arguments);
            CHECK(agent.tool(name).attempt(value).refusal().code == ErrorCode::invalid_arguments);
            CHECK(error_code_of([&] { static_cast<void>(agent.tool(name).submit(value)); }) ==
                  ErrorCode::invalid_arguments);
        }
        for (const std::string& text : texts) {
            CAPTURE(text.substr(0, 40));
            CHECK(error_code_of([&] { agent.kit.call(name, text, [&](const Json&) { ++*agent.runs; }); }) ==
                  ErrorCode::invalid_arguments);
        }
    }
    CHECK(*agent.runs == 0);
    CHECK(agent.storage->list({std::nullopt, 10, ""}).requests.empty());
    CHECK(agent.audit().empty());
}

TEST_CASE("H49 a note typed in another process is masked before the caller or a model reads it") {
    const AttackedAgent agent;
    auto ticket = agent.tool("held").submit({{"secret", "hunter22"}});
    Reviewer reviewer = agent.reviewer();
    SECTION("as a value") {
        reviewer.reject(ticket.request_id(), {.notes = "hunter22 is a bad password"});
        const auto outcome = ticket.attempt();
        CHECK(outcome.refusal().notes == "[REDACTED] is a bad password");
        CHECK_THAT(outcome.refusal().text_for_model(), !ContainsSubstring("hunter22"));
    }
    SECTION("as an exception") {
        reviewer.reject(ticket.request_id(), {.notes = "try {\"password\":\"hunter2\\u0032\"}, or aHVudGVyMjI="});
        CHECK_THROWS_WITH(ticket.get(), !ContainsSubstring("hunter2") && !ContainsSubstring("aHVudGVyMjI"));
    }
    CHECK(*agent.runs == 0);
}

TEST_CASE("G7 H50 nothing in the files tells which PIN was hidden, to the eye or to whoever tries them all") {
    const AttackedAgent agent;
    auto ticket = agent.tool("held").submit({{"pin", "4711"}, {"secret", "hunter22"}});
    agent.tool("free")({{"pin", "4711"}, {"secret", "hunter22"}, {"url", "https://example.com/?p=hunter22"}});
    agent.kit.approve(ticket.request_id(), {.notes = "4711 it is"});
    ticket.get();
    agent.storage->flush();

    for (const auto& file : std::filesystem::directory_iterator(agent.directory.path())) {
        CHECK_THAT(bytes_of(file.path()), !ContainsSubstring("hunter22"));
    }
    const std::set<std::string> values = stored_values(agent.path);
    CHECK_FALSE(values.contains("4711"));
    const Json arguments = {{"pin", "4711"}, {"secret", "hunter22"}};
    for (const std::string& guess : {std::string("4711"), std::string("\"4711\""), canonical_json(arguments)}) {
        CHECK_FALSE(values.contains(to_hex(digest_of(guess))));
        CHECK_FALSE(values.contains(to_hex(digest_of_fields({guess}))));
        for (const std::string& known : values) {
            for (const std::string& digest :
                 {to_hex(digest_of_fields({known, guess})), to_hex(digest_of_fields({guess, known})),
                  to_hex(digest_of(known + guess)), to_hex(digest_of_fields({"held", guess, known}))}) {
                CHECK_FALSE(values.contains(digest));
                CHECK_FALSE(values.contains(digest.substr(0, 8)));
            }
        }
    }
}
