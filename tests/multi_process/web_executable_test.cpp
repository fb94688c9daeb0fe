#include "approvekit/json.hpp"
#include "approvekit/sqlite_storage.hpp"
#include "approvekit/version.hpp"
#include "support/catch.hpp"
#include "support/child_process.hpp"
#include "support/held_request.hpp"
#include "support/other_program.hpp"
#include "support/raw_client.hpp"
#include "support/temporary_directory.hpp"
#include "web_process.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

using approvekit::ApprovalRequest;
using approvekit::ApprovalStatus;
using approvekit::Json;
using approvekit::SqliteStorage;
using approvekit::testing::ChildProcess;
using approvekit::testing::FinishedProcess;
using approvekit::testing::RawAnswer;
using approvekit::testing::RawClient;
using approvekit::testing::run;
using approvekit::testing::web_command;
using approvekit::testing::WebProcess;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;

namespace {

struct WebExecutableFixture {
    TemporaryDirectory directory;
    std::filesystem::path path = directory / "agent.db";
};

ApprovalRequest submit(SqliteStorage& storage) {
    ApprovalRequest request = held_request(approvekit::SystemClock(), std::chrono::seconds(60));
    request.view_digest = approvekit::view_digest(request);
    storage.submit(request);
    return request;
}

/// Runs `sql` once for each number from 1 to `rows`, which is ?1 in it.
void repeat(SQLite::Database& database, int rows, const std::string& sql) {
    SQLite::Statement statement(database, sql);
    for (int row = 1; row <= rows; ++row) {
        statement.bind(1, row);
        statement.exec();
        statement.reset();
    }
}

/// Rows as the Python package writes them.
void fill(const std::filesystem::path& path, int pending, int audited) {
    SQLite::Database database = as_other_program(path);
    SQLite::Transaction transaction(database);
    repeat(database, pending,
           "INSERT INTO approval_requests (id, tool_name, tool_args, status, created_at, metadata) VALUES ('request-' "
           "|| ?1, 'send_email', '{\"to\": \"ana@example.com\"}', 'pending', strftime('%Y-%m-%dT%H:%M:%S.000000', "
           "1700000000 + ?1, 'unixepoch'), '{}')");
    repeat(
        database, audited,
        "INSERT INTO audit_log (id, request_id, tool_name, tool_args, decision, timestamp, metadata) VALUES ('entry-' "
        "|| ?1, 'auto', 'read_record', '{\"id\": 7}', 'approved', strftime('%Y-%m-%dT%H:%M:%S.000000', 1700000000 + "
        "?1, 'unixepoch'), '{}')");
    transaction.commit();
}

/// The first complete link in `output`, or an empty text.
std::string link_in(const std::string& output) {
    const auto start = output.find("http://");
    return start == std::string::npos ? "" : output.substr(start, output.find_first_of("\r\n", start) - start);
}

/// The answer to a browser that opens the link and has made `secret` for itself.
RawAnswer sign_in(const std::string& link, const std::string& secret) {
    const auto slash = link.find('/', std::string("http://").size());
    const std::string host = link.substr(std::string("http://").size(), slash - std::string("http://").size());
    const Json body = {{"link", link.substr(link.find('=') + 1)}, {"secret", secret}};
    const std::string text = body.dump();
    return RawClient(static_cast<std::uint16_t>(std::stoi(host.substr(host.rfind(':') + 1))))
        .ask("POST /api/session HTTP/1.1\r\nHost: " + host + "\r\nOrigin: http://" + host +
             "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(text.size()) + "\r\n\r\n" +
             text);
}

std::chrono::milliseconds first_page_time(const WebProcess& web, const std::string& list) {
    RawClient client(web.port);
    const auto start = std::chrono::steady_clock::now();
    const RawAnswer answer = client.ask(web.text("GET /api/" + list));
    const auto time = std::chrono::steady_clock::now() - start;
    const Json body = Json::parse(answer.body);
    CHECK(body.at(list).size() == 50);
    CHECK(body.at("next").is_string());
    return std::chrono::duration_cast<std::chrono::milliseconds>(time);
}

/// approvekit-web with a limit of `files` open files.
std::vector<std::string> web_command_with_files(int files, const std::filesystem::path& database) {
    std::vector<std::string> command{"sh", "-c", "ulimit -n \"$0\"; exec \"$@\"", std::to_string(files)};
    const auto web = web_command(database, {"--port", "0", "--json", "--reviewer", "ada"});
    command.insert(command.end(), web.begin(), web.end());
    return command;
}

}  // namespace

TEST_CASE("approvekit-web creates a missing database, says so, prints its link and leaves on Ctrl+C") {
    const WebExecutableFixture fixture;
    ChildProcess web(web_command(fixture.path, {"--port", "0"}));
    web.wait_for_output("Press Ctrl+C to stop.\n");

    CHECK_THAT(web.output(), ContainsSubstring("Created " + fixture.path.string()));
    CHECK_THAT(web.output(), ContainsSubstring("  http://127.0.0.1:") && ContainsSubstring("/#sign-in="));
    CHECK(std::filesystem::exists(fixture.path));
    web.send_signal(SIGINT);
    CHECK(web.wait() == 0);
    CHECK(web.error_output().empty());
}

TEST_CASE("approvekit-web leaves on SIGTERM while a client streams and another is silent") {
    const WebExecutableFixture fixture;
    WebProcess web(fixture.path);
    RawClient stream(web.port);
    REQUIRE(stream.ask(web.text("GET /api/events")).status == 200);
    RawClient silent(web.port);
    silent.send("GET /");

    web.process.send_signal(SIGTERM);

    CHECK(web.process.wait(std::chrono::seconds(5)) == 0);
}

TEST_CASE("approvekit-web tells machines where it is in one line") {
    const WebExecutableFixture fixture;
    const WebProcess web(fixture.path);
    CHECK(web.line.at("link").get<std::string>().starts_with(web.line.at("address").get<std::string>() + "/#sign-in="));
    CHECK(web.line.at("token").get<std::string>().size() == 48);
    CHECK(web.line.at("reviewer") == "ada");
    CHECK(web.line.at("created") == true);
    CHECK(web.process.output().find('\n') == web.process.output().size() - 1);
}

TEST_CASE("approvekit-web takes its token from the environment") {
    const WebExecutableFixture fixture;
    ChildProcess web(web_command(fixture.path, {"--port", "0", "--json"}),
                     {.environment = {"APPROVEKIT_TOKEN=a-token-of-my-own"}, .terminal = false});
    web.wait_for_output("}\n");
    CHECK(Json::parse(web.output()).at("token") == "a-token-of-my-own");
    CHECK_THAT(web.output(), !ContainsSubstring("sign-in=a-token-of-my-own"));
}

TEST_CASE("H59 Enter in the terminal of approvekit-web prints a fresh link") {
    const WebExecutableFixture fixture;
    ChildProcess web(web_command(fixture.path, {"--port", "0"}), {.environment = {}, .terminal = true});
    web.wait_for_output("Press Enter for another link, Ctrl+C to stop.");
    const std::string first = link_in(web.output());
    REQUIRE_FALSE(first.empty());

    const auto announced = web.output().size();
    web.write("\n");
    web.wait_for_output("/#sign-in=", announced);
    web.wait_for_output("\n", web.output().find("/#sign-in=", announced));
    const std::string second = link_in(web.output().substr(announced));

    CHECK(first != second);
    CHECK(sign_in(second, std::string(64, 'a')).status == 200);
    CHECK(sign_in(first, std::string(64, 'b')).status == 200);
    CHECK(sign_in(second, std::string(64, 'b')).status == 401);
    web.write("\x03");
    CHECK(web.wait() == 0);
}

TEST_CASE("H59 in the background of a shell approvekit-web leaves what is typed to others and serves on") {
    const WebExecutableFixture fixture;
    std::vector<std::string> command{
        "sh", "-c", "set -m; \"$0\" \"$@\" & read -r line; echo heard $line; read -r line; kill $!; wait $!"};
    const auto words = web_command(fixture.path, {"--port", "0"});
    command.insert(command.end(), words.begin(), words.end());
    ChildProcess shell(command, {.environment = {}, .terminal = true});
    shell.wait_for_output("Ctrl+C to stop.");
    const auto announced = shell.output().size();

    shell.write("this\n");
    shell.wait_for_output("heard this", announced);

    CHECK(sign_in(link_in(shell.output()), std::string(64, 'a')).status == 200);
    shell.write("\n");
    CHECK(shell.wait() == 0);
    CHECK(shell.output().find("/#sign-in=", announced) == std::string::npos);
}

TEST_CASE("H59 approvekit-web without a terminal, or with its input at an end, serves on and promises no key") {
    const WebExecutableFixture fixture;
    ChildProcess web(web_command(fixture.path, {"--port", "0"}));
    web.close_input();
    web.wait_for_output("Press Ctrl+C to stop.\n");
    CHECK_THAT(web.output(), !ContainsSubstring("Press Enter"));
    CHECK(sign_in(link_in(web.output()), std::string(64, 'a')).status == 200);

    const WebExecutableFixture other;
    ChildProcess typed(web_command(other.path, {"--port", "0"}), {.environment = {}, .terminal = true});
    typed.wait_for_output("Ctrl+C to stop.");
    typed.write("\x04");
    CHECK(sign_in(link_in(typed.output()), std::string(64, 'a')).status == 200);
    typed.write("\x03");
    CHECK(typed.wait() == 0);
}

TEST_CASE("a decision over HTTP lets the call of another process go on, in the reviewer's name") {
    const WebExecutableFixture fixture;
    SqliteStorage agent(fixture.path);
    const ApprovalRequest asked = submit(agent);
    const WebProcess web(fixture.path);

    CHECK(web.get("/api/requests").at("requests").at(0).at("id") == asked.id);
    const RawAnswer answer =
        web.ask("POST /api/requests/" + asked.id.substr(0, 8) + "/approve", R"({"notes":"as agreed"})");

    CHECK(answer.status == 200);
    const auto decision = agent.find_decision(asked.id);
    REQUIRE(decision);
    CHECK(decision->reviewer == "ada");
    CHECK(decision->way == "web");
    CHECK(agent.find(asked.id)->status == ApprovalStatus::approved);
    CHECK(web.get("/api/audit").at("audit").at(0).at("request_id") == asked.id);
}

TEST_CASE("the file that a decision was made on may have been decided by another program meanwhile") {
    const WebExecutableFixture fixture;
    SqliteStorage agent(fixture.path, shared_with_others());
    const ApprovalRequest asked = submit(agent);
    const WebProcess web(fixture.path);
    RawClient stream(web.port);
    REQUIRE(stream.ask(web.text("GET /api/events")).status == 200);

    as_other_program(fixture.path)
        .exec("UPDATE approval_requests SET status = 'rejected' WHERE id = '" + asked.id + "'");

    // Named by its id, or as "look again" if the page's watch began only after it.
    CHECK_THAT(stream.read_until("event: change"), EndsWith("event: change"));
    const RawAnswer answer = web.ask("POST /api/requests/" + asked.id + "/approve");
    CHECK(answer.status == 409);
    CHECK(Json::parse(answer.body).at("request").at("status") == "rejected");
}

TEST_CASE("H12 a second approvekit-web on the port exits 8 and says what to do") {
    const WebExecutableFixture fixture;
    const WebProcess first(fixture.path);
    const FinishedProcess second = run(web_command(fixture.path, {"--port", std::to_string(first.port)}));
    CHECK(second.exit_code == 8);
    CHECK(second.output.empty());
    CHECK_THAT(second.error_output, ContainsSubstring("in use by another program"));
}

TEST_CASE("H82 an address that cannot be used leaves no new database behind") {
    const WebExecutableFixture fixture;
    const WebProcess first(fixture.path);
    const WebExecutableFixture other;
    CHECK(run(web_command(other.path, {"--port", std::to_string(first.port)})).exit_code == 8);
    CHECK(
        run(web_command(other.path, {"--port", "0", "--host", "192.0.2.1", "--allow-remote", "a.example"})).exit_code ==
        8);
    CHECK(std::filesystem::is_empty(other.directory.path()));
}

TEST_CASE("H82 approvekit-web takes an address as it stands in front of a port") {
    const WebExecutableFixture fixture;
    ChildProcess web(web_command(fixture.path, {"--port", "0", "--host", "[::1]"}));
    web.wait_for_output("  http://[::1]:");
}

TEST_CASE("H15 with 1,000 requests pending and 100,000 rows of audit the first pages come at once") {
    const WebExecutableFixture fixture;
    (void)SqliteStorage(fixture.path, shared_with_others());
    fill(fixture.path, 1000, 100'000);
    const WebProcess web(fixture.path);
    for (const char* list : {"requests", "audit"}) {
        CAPTURE(list);
        const std::chrono::milliseconds limit(500);
        auto soonest = std::chrono::milliseconds::max();
        for (int round = 0; round < 40 && soonest >= limit; ++round)  // a busy machine makes some of them slow
            soonest = std::min(soonest, first_page_time(web, list));
        CHECK(soonest < limit);
    }
}

TEST_CASE("H16 an address that others reach is refused without --allow-remote") {
    const WebExecutableFixture fixture;
    const FinishedProcess refused = run(web_command(fixture.path, {"--port", "0", "--host", "0.0.0.0"}));
    CHECK(refused.exit_code == 2);
    CHECK_THAT(refused.error_output, ContainsSubstring("--allow-remote HOST"));

    ChildProcess allowed(
        web_command(fixture.path, {"--port", "0", "--host", "0.0.0.0", "--allow-remote", "review.example"}));
    allowed.wait_for_output("http://review.example:");
}

TEST_CASE("approvekit-web behind a proxy prints a link for it, and tells machines where it is itself") {
    const WebExecutableFixture fixture;
    const WebProcess web(web_command(fixture.path, {"--port", "0", "--json", "--reviewer", "ada", "--base-path",
                                                    "/approvals/", "--public-origin", "https://review.example.org"}));
    CHECK_THAT(web.line.at("link").get<std::string>(), StartsWith("https://review.example.org/approvals/#sign-in="));
    CHECK_THAT(web.line.at("address").get<std::string>(), EndsWith(":" + std::to_string(web.port) + "/approvals"));
}

TEST_CASE("H178 a base path that is not one ends approvekit-web with a sentence that says why") {
    const WebExecutableFixture fixture;
    const FinishedProcess dots = run(web_command(fixture.path, {"--base-path", "/a/../b"}));
    CHECK_THAT(dots.error_output, ContainsSubstring("'/a/../b' is not a base path") && ContainsSubstring("'..'"));
    const FinishedProcess path = run(web_command(fixture.path, {"--public-origin", "https://a.example/approvals"}));
    CHECK_THAT(path.error_output, ContainsSubstring("is not a public origin") && ContainsSubstring("without a path"));
}

TEST_CASE("H33 a file that is no database of ours ends approvekit-web with 6, untouched") {
    const WebExecutableFixture fixture;
    std::ofstream(fixture.path) << "not a database, but long enough to be taken for one at first sight";
    const FinishedProcess finished = run(web_command(fixture.path, {"--port", "0"}));
    CHECK(finished.exit_code == 6);
    CHECK_THAT(finished.error_output, ContainsSubstring("not a database"));
    CHECK(std::filesystem::file_size(fixture.path) == 66);
}

TEST_CASE("H74 with 256 open files allowed, clients that leave in the middle of a request take nobody's place") {
    const WebExecutableFixture fixture;
    (void)SqliteStorage(fixture.path);
    WebProcess web(web_command_with_files(256, fixture.path));
    RawClient stream(web.port);
    REQUIRE(stream.ask(web.text("GET /api/events")).status == 200);
    for (int round = 0; round < 2; ++round) {
        {
            std::vector<RawClient> leaving;
            for (int i = 0; i < 300; ++i) {
                leaving.emplace_back(web.port);
                leaving.back().send("GET /api/req");
            }
        }
        CHECK(web.ask("GET /api/requests").status == 200);
    }
    CHECK_THAT(web.process.error_output(), ContainsSubstring("256 files") && ContainsSubstring("ulimit -n"));
}

TEST_CASE("H74 a server that may open next to no files says so and ends") {
    const WebExecutableFixture fixture;
    (void)SqliteStorage(fixture.path);
    const FinishedProcess finished = run(web_command_with_files(40, fixture.path));
    CHECK(finished.exit_code == 8);
    CHECK_THAT(finished.error_output, ContainsSubstring("40 files") && ContainsSubstring("ulimit -n"));
}

TEST_CASE("what approvekit-web does not understand ends it with 2 and leaves no new database behind") {
    const WebExecutableFixture fixture;
    for (const std::vector<std::string>& words : {std::vector<std::string>{"--port", "65536"},
                                                  {"--port", "x"},
                                                  {"--bort"},
                                                  {"--reviewer", ""},
                                                  {"--host", "0.0.0.0"},
                                                  {"--allow-remote", "two words"},
                                                  {"--base-path", "approvals"},
                                                  {"--base-path", "/a/../b"},
                                                  {"--public-origin", "review.example.org"},
                                                  {"extra"}}) {
        CAPTURE(words);
        CHECK(run(web_command(fixture.path, words)).exit_code == 2);
    }
    CHECK(run({APPROVEKIT_WEB}).exit_code == 2);
    CHECK(run(web_command(fixture.path, {"--port", "0"}), {},
              {.environment = {"APPROVEKIT_TOKEN=too-short"}, .terminal = false})
              .exit_code == 2);
    CHECK_FALSE(std::filesystem::exists(fixture.path));
}

TEST_CASE("approvekit-web tells machines in JSON what went wrong") {
    const WebExecutableFixture fixture;
    const FinishedProcess unknown = run(web_command(fixture.path, {"--json", "--bort"}));
    CHECK(Json::parse(unknown.error_output).at("code") == "usage");
    const FinishedProcess nameless = run(web_command(fixture.path, {"--json", "--reviewer", ""}));
    CHECK(Json::parse(nameless.error_output).at("code") == "invalid_option");
}

TEST_CASE("approvekit-web explains itself") {
    const FinishedProcess help = run({APPROVEKIT_WEB, "--help"});
    CHECK(help.exit_code == 0);
    CHECK_THAT(help.output, ContainsSubstring("Examples:") && ContainsSubstring("Exit codes:"));
    CHECK(run({APPROVEKIT_WEB, "--version"}).output == "approvekit-web " + std::string(approvekit::version()) + "\n");
}
