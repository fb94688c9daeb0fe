#include "approvekit/approvekit.hpp"
#include "support/catch.hpp"
#include "support/child_process.hpp"
#include "support/eventually.hpp"
#include "support/other_program.hpp"
#include "support/sanitized.hpp"
#include "support/temporary_directory.hpp"
#include "web_process.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using approvekit::ApproveKit;
using approvekit::Json;
using approvekit::Policy;
using approvekit::SqliteStorage;
using approvekit::testing::FinishedProcess;
using approvekit::testing::RawAnswer;
using approvekit::testing::run;
using approvekit::testing::WebProcess;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr int races = approvekit::testing::is_sanitized ? 100 : 1000;

/// An agent whose one tool always needs a person, and the file that it shares with its reviewers.
struct MeetingPlace {
    TemporaryDirectory directory;
    std::filesystem::path path = directory / "agent.db";
    std::shared_ptr<SqliteStorage> storage = std::make_shared<SqliteStorage>(path, shared_with_others());
    ApproveKit kit{Policy::from_json(
                       Json::parse(R"({"rules": [{"tool": "send_email", "require_approval": true, "timeout": 60}]})")),
                   storage};

    /// Acts as a program that knows nothing of ApproveKit except the columns.
    void shell(const std::string& sql) const { as_other_program(path).exec(sql); }

    [[nodiscard]] FinishedProcess review(std::vector<std::string> words) const {
        words.insert(words.begin(), {APPROVEKIT_REVIEW, "--db", path.string(), "--reviewer", "tess"});
        return run(std::move(words));
    }
};

/// A request as the Python package saves it.
std::string python_request(const std::string& id) {
    return "INSERT OR REPLACE INTO approval_requests (id, tool_name, tool_args, status, created_at, reviewed_at, "
           "reviewer_notes, metadata) VALUES ('" +
           id +
           "', 'send_email', '{\"to\": \"ana@example.com\", \"body\": \"[REDACTED]\"}', 'pending', "
           "'2026-01-05T09:30:00.123456', NULL, NULL, '{\"risk_level\": \"high\", \"timeout\": 45}')";
}

/// Learns how much later to start the faster of two, so that both act at the same moment, from which one was first.
class Handicap {
public:
    explicit Handicap(std::chrono::nanoseconds guess) : delay_(guess), step_(guess / 20) {}

    void wait() const { std::this_thread::sleep_for(delay_); }
    void learn(bool handicapped_won) {
        delay_ = std::max(std::chrono::nanoseconds(0), handicapped_won ? delay_ + step_ : delay_ - step_);
    }

private:
    std::chrono::nanoseconds delay_;
    std::chrono::nanoseconds step_;
};

template <typename Work>
std::chrono::nanoseconds duration_of(Work work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::steady_clock::now() - start;
}

}  // namespace

TEST_CASE("given a held call, when a foreign program approves it by INSERT OR REPLACE, then the call resumes") {
    const MeetingPlace place;
    std::string sent;
    auto send = place.kit.guard("send_email", {"to"}, [&](const std::string& to) { sent = to; });
    auto ticket = send.submit("ana@example.com");

    place.shell(
        "INSERT OR REPLACE INTO approval_requests (id, tool_name, tool_args, status, created_at, reviewed_at, "
        "reviewer_notes, metadata) SELECT id, tool_name, tool_args, 'approved', created_at, "
        "strftime('%Y-%m-%dT%H:%M:%f000', 'now'), 'by hand', metadata FROM approval_requests");

    REQUIRE(eventually([&] { return ticket.ready(); }));
    ticket.get();
    CHECK(sent == "ana@example.com");
    const Json audit = Json::parse(place.review({"--json", "audit"}).output);
    CHECK(audit.at("audit").front().at("reviewer") == "unknown");
}

TEST_CASE("given requests that the Python package wrote, then both reviewers list and decide them") {
    const MeetingPlace place;
    const WebProcess web(place.path);
    place.shell(python_request("11111111-aaaa-4aaa-8aaa-aaaaaaaaaaaa"));
    place.shell(python_request("22222222-bbbb-4bbb-8bbb-bbbbbbbbbbbb"));

    CHECK(web.get("/api/requests").at("requests").size() == 2);
    CHECK_THAT(place.review({"list"}).output, ContainsSubstring("11111111") && ContainsSubstring("22222222"));
    CHECK(web.ask("POST /api/requests/11111111/approve", R"({"notes":"fine"})").status == 200);
    CHECK(place.review({"reject", "22222222", "--notes", "not today"}).exit_code == 0);

    SQLite::Database database = as_other_program(place.path, SQLite::OPEN_READONLY);
    SQLite::Statement rows(database, "SELECT status, reviewer_notes, reviewed_at FROM approval_requests ORDER BY id");
    REQUIRE(rows.executeStep());
    CHECK(rows.getColumn(0).getString() == "approved");
    CHECK(rows.getColumn(1).getString() == "fine");
    CHECK(rows.getColumn(2).getString().size() == std::string("2026-01-05T09:30:00.123456").size());
    REQUIRE(rows.executeStep());
    CHECK(rows.getColumn(0).getString() == "rejected");
    CHECK(rows.getColumn(1).getString() == "not today");
}

TEST_CASE("G1 approved in the browser and rejected in the terminal at once, one wins and the loser is told") {
    const MeetingPlace place;
    const WebProcess web(place.path);
    int sent = 0;
    auto send = place.kit.guard("send_email", {"number"}, [&](int) { ++sent; });
    Handicap handicap(duration_of([&] { return place.review({"list"}); }));
    int approved = 0;

    for (int race = 0; race < races; ++race) {
        auto ticket = send.submit(race);
        RawAnswer answer;
        FinishedProcess rejection;
        {
            const std::jthread browser([&] {
                handicap.wait();
                answer = web.ask("POST /api/requests/" + ticket.request_id() + "/approve", "{}");
            });
            rejection = place.review({"reject", ticket.request_id()});
        }
        const bool web_won = answer.status == 200;
        handicap.learn(web_won);
        approved += web_won ? 1 : 0;
        const auto outcome = ticket.attempt();

        INFO("race " << race << ": " << answer.body << rejection.error_output);
        REQUIRE(outcome.ran() == web_won);
        if (web_won) {
            REQUIRE(rejection.exit_code == 4);
            REQUIRE_THAT(rejection.error_output, ContainsSubstring("already approved by ada (web)"));
        } else {
            REQUIRE(rejection.exit_code == 0);
            REQUIRE(answer.status == 409);
            REQUIRE_THAT(answer.body, ContainsSubstring("already rejected by tess (terminal)"));
        }
    }
    std::cout << races << " races: browser " << approved << ", terminal " << races - approved << "\n";
    CHECK(sent == approved);
    CHECK(approved > races / 10);
    CHECK(approved < races - races / 10);
    CHECK(place.storage->verify_audit().intact());
}
