// Several reviewers at one approvekit-web: invited and removed in the terminal, or named by a proxy.
#include "approvekit/json.hpp"
#include "approvekit/reviewers_file.hpp"
#include "approvekit/sqlite_storage.hpp"
#include "support/catch.hpp"
#include "support/child_process.hpp"
#include "support/held_request.hpp"
#include "support/raw_client.hpp"
#include "support/temporary_directory.hpp"
#include "web_process.hpp"

#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

using namespace approvekit;
using namespace approvekit::testing;
using Catch::Matchers::ContainsSubstring;

namespace {

/// A folder with a file of reviewers and a database, and the two commands.
struct TeamCommands {
    TemporaryDirectory directory;
    std::filesystem::path team = directory / "team.yaml";
    std::filesystem::path database = directory / "agent.db";

    [[nodiscard]] FinishedProcess review(std::vector<std::string> words) const {
        words.insert(words.begin(), APPROVEKIT_REVIEW);
        return run(words, {}, {.environment = {"LC_ALL=C.UTF-8", "COLUMNS"}, .terminal = false});
    }
    /// The link that an invitation prints.
    [[nodiscard]] std::string invite(const std::string& name, const std::string& address) const {
        const auto invited = review({"invite", name, "--reviewers", team.string(), "--address", address, "--json"});
        INFO(invited.error_output);
        REQUIRE(invited.exit_code == 0);
        return Json::parse(invited.output).at("link");
    }
    [[nodiscard]] std::vector<std::string> web(const std::vector<std::string>& words) const {
        std::vector<std::string> command = web_command(database, {"--port", "0", "--json"});
        command.insert(command.end(), words.begin(), words.end());
        return command;
    }
    [[nodiscard]] FinishedProcess refused_web(const std::vector<std::string>& words,
                                              const std::vector<std::string>& environment = {}) const {
        const auto finished = run(web(words), {}, {.environment = environment, .terminal = false});
        CHECK_FALSE(std::filesystem::exists(database));
        return finished;
    }
};

/// A running approvekit-web with several reviewers.
struct TeamServer {
    TeamServer(const std::vector<std::string>& command, const std::vector<std::string>& environment = {})
        : process(command, {.environment = environment, .terminal = false}) {
        process.wait_for_output("}\n");
        line = Json::parse(process.output());
        address = line.at("address");
        port = static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
    }

    [[nodiscard]] RawAnswer ask(const std::string& start, const std::string& headers,
                                const std::string& body = {}) const {
        return RawClient(port).ask(start + " HTTP/1.1\r\nHost: " + address.substr(std::string("http://").size()) +
                                   "\r\nOrigin: " + address + "\r\nContent-Type: application/json\r\nContent-Length: " +
                                   std::to_string(body.size()) + "\r\n" + headers + "\r\n" + body);
    }
    [[nodiscard]] RawAnswer sign_in(const std::string& link, const std::string& secret) const {
        const Json body = {{"link", link.substr(link.find('=') + 1)}, {"secret", secret}};
        return ask("POST /api/session", "", body.dump());
    }

    ChildProcess process;
    Json line;
    std::string address;
    std::uint16_t port = 0;
};

std::string session_of(const std::string& secret) {
    return "Authorization: Bearer " + secret + "\r\n";
}

void write_file(const std::filesystem::path& path, const std::string& text, ::mode_t mode) {
    std::ofstream(path) << text;
    REQUIRE(::chmod(path.c_str(), mode) == 0);
}

const std::string secret_of_proxy(40, 's');

}  // namespace

TEST_CASE("an invited reviewer signs in by the printed link, decides under the own name, and is refused when removed") {
    const TeamCommands team;
    const std::string first = team.invite("ann", "http://127.0.0.1:1");
    const TeamServer web(team.web({"--reviewers", team.team.string()}));
    for (const char* const key : {"token", "link", "reviewer", "key_id"})
        CHECK(web.line.at(key).is_null());
    const std::string link = team.invite("bob", web.address + "/");
    CHECK(link.starts_with(web.address + "/#sign-in="));
    const std::string bob(64, 'b');
    REQUIRE(web.sign_in(link, bob).status == 200);
    REQUIRE(web.sign_in(first, std::string(64, 'a')).status == 200);
    SqliteStorage storage(team.database);
    ApprovalRequest asked = held_request(SystemClock(), std::chrono::seconds(60));
    asked.view_digest = view_digest(asked);
    storage.submit(asked);
    ApprovalRequest other = held_request(SystemClock(), std::chrono::seconds(60));
    other.id = "another-request";
    other.view_digest = view_digest(other);
    storage.submit(other);

    CHECK(team.review({"reviewers", "list", "--reviewers", team.team.string()}).output ==
          "ann  0 links, 1 browser\nbob  0 links, 1 browser\n");
    CHECK(web.ask("POST /api/requests/" + asked.id + "/approve", session_of(bob), "{}").status == 200);
    CHECK(storage.find(asked.id)->reviewer == "bob");
    const auto removed = team.review({"reviewers", "remove", "bob", "--reviewers", team.team.string()});
    CHECK(removed.output == "Removed bob, who is refused from now on.\n");
    CHECK(web.ask("POST /api/requests/" + other.id + "/approve", session_of(bob), "{}").status == 401);
    CHECK(web.ask("GET /api/requests", session_of(bob)).status == 401);
    CHECK(storage.find(other.id)->status == ApprovalStatus::pending);
    CHECK(web.ask("GET /api/requests", session_of(std::string(64, 'a'))).status == 200);
}

TEST_CASE("an invitation shows its link once, and the file has neither the link nor room for others") {
    const TeamCommands team;
    const auto invited =
        team.review({"invite", "ann", "--reviewers", team.team.string(), "--group", "finance", "--group", "managers"});
    CHECK_THAT(invited.output, ContainsSubstring("The link of ann, for one browser, is shown this once:\n\n"
                                                 "  http://127.0.0.1:8765/#sign-in="));
    struct stat status {};
    REQUIRE(::stat(team.team.c_str(), &status) == 0);
    CHECK((status.st_mode & 07777) == 0600);
    std::ifstream file(team.team);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const auto key = invited.output.substr(invited.output.find('=') + 1, 64);
    CHECK(text.find(key) == std::string::npos);
    CHECK(team.review({"reviewers", "list", "--reviewers", team.team.string()}).output ==
          "ann  1 link  finance, managers\n");
    for (const std::string address : {"127.0.0.1:8765", "javascript:x", "http://a b", "http://a/#b", "http://a/?b"}) {
        const auto refused = team.review({"invite", "ann", "--reviewers", team.team.string(), "--address", address});
        CHECK(refused.exit_code == 2);
    }
    CHECK(ReviewersFile(team.team).read().at(0).links.size() == 1);
}

TEST_CASE("the commands for reviewers say by their exit codes what was wrong") {
    const TeamCommands team;
    const std::string file = team.team.string();
    CHECK(team.review({"reviewers", "list", "--reviewers", file}).exit_code == 2);
    CHECK(team.review({"reviewers", "remove", "ann", "--reviewers", file}).exit_code == 2);
    CHECK(team.review({"invite", " ann", "--reviewers", file}).exit_code == 2);
    CHECK(team.review({"invite", "ann"}).exit_code == 2);
    CHECK_FALSE(std::filesystem::exists(team.team));
    static_cast<void>(team.invite("ann", "http://127.0.0.1:1"));
    CHECK(team.review({"reviewers", "remove", "bob", "--reviewers", file}).exit_code == 3);
    CHECK(team.review({"invite", "ANN", "--reviewers", file}).exit_code == 2);
    const auto listed = Json::parse(team.review({"reviewers", "list", "--reviewers", file, "--json"}).output);
    CHECK(
        listed ==
        Json::parse(R"({"reviewers": [{"name": "ann", "groups": [], "links": 1, "sessions": 0}], "differences": []})"));
    CHECK(team.review({"reviewers", "remove", "ann", "--reviewers", file}).exit_code == 0);
    CHECK(team.review({"reviewers", "list", "--reviewers", file}).output == "Nobody is listed.\n");
}

TEST_CASE("a list of reviewers says where its groups are not those of the policy, which count") {
    const TeamCommands team;
    const auto policy = team.directory / "policy.yaml";
    std::ofstream(policy) << "groups: {finance: [Ann, bob], managers: [cyd]}\nrules: []\n";
    const std::vector<std::string> compare = {"reviewers",        "list",     "--reviewers",
                                              team.team.string(), "--policy", policy.string()};
    REQUIRE(team.review({"invite", "ann", "--reviewers", team.team.string(), "--group", "finance"}).exit_code == 0);
    CHECK(team.review(compare).exit_code == 0);
    REQUIRE(team.review({"invite", "cyd", "--reviewers", team.team.string(), "--group", "finance"}).exit_code == 0);
    const auto compared = team.review(compare);
    CHECK(compared.exit_code == 1);
    CHECK_THAT(compared.output,
               ContainsSubstring("cyd is in finance by the file, and not by the policy") &&
                   ContainsSubstring("cyd is in managers by the policy, which counts, and the file does not say so"));
}

TEST_CASE("what cannot go together with several reviewers is refused before a database is made") {
    const TeamCommands team;
    static_cast<void>(team.invite("ann", "http://127.0.0.1:1"));
    const std::string file = team.team.string();
    const auto words_of = [&](const std::vector<std::string>& words, const std::vector<std::string>& environment = {}) {
        const auto refused = team.refused_web(words, environment);
        CHECK(refused.exit_code == 2);
        return refused.error_output;
    };
    CHECK_THAT(words_of({"--reviewers", file, "--key", "ann.key"}), ContainsSubstring("one person's key"));
    CHECK_THAT(words_of({"--reviewers", file, "--reviewer", "ann"}),
               ContainsSubstring("--reviewer names one reviewer"));
    CHECK_THAT(words_of({"--reviewers", file}, {"APPROVEKIT_TOKEN=a-token-of-one-reviewer"}),
               ContainsSubstring("APPROVEKIT_TOKEN"));
    CHECK_THAT(words_of({"--reviewers", (team.directory / "no.yaml").string()}), ContainsSubstring("it is not there"));
    CHECK_THAT(words_of({"--proxy-user-header", "Remote-User"}), ContainsSubstring("APPROVEKIT_PROXY_SECRET"));
    CHECK_THAT(words_of({"--proxy-user-header", "Remote-User"}, {"APPROVEKIT_PROXY_SECRET=short"}),
               ContainsSubstring("32 to 256"));
    CHECK_THAT(words_of({"--proxy-secret-file", file}), ContainsSubstring("needs --proxy-user-header"));
    const auto secret = team.directory / "secret";
    write_file(secret, secret_of_proxy + "\n", 0644);
    CHECK_THAT(words_of({"--proxy-user-header", "Remote-User", "--proxy-secret-file", secret.string()}),
               ContainsSubstring("others than its owner can reach the secret"));
    REQUIRE(::chmod(team.team.c_str(), 0666) == 0);
    CHECK_THAT(words_of({"--reviewers", file}), ContainsSubstring("others than its owner can write it"));
}

TEST_CASE("H194 approvekit-web takes a reviewer's name from the proxy that has its secret, and from nobody else") {
    const TeamCommands team;
    const auto secret = team.directory / "secret";
    write_file(secret, secret_of_proxy + "\nwhat stands below is not of it\n", 0600);
    const std::string named = "Remote-User: ann\r\n";
    const std::string proxied = named + "ApproveKit-Proxy-Secret: " + secret_of_proxy + "\r\n";
    const std::vector<std::string> words = {"--proxy-user-header", "Remote-User"};
    std::vector<std::string> with_file = words;
    with_file.insert(with_file.end(), {"--proxy-secret-file", secret.string()});
    for (const bool has_file : {true, false}) {
        const TeamServer web(team.web(has_file ? with_file : words),
                             has_file ? std::vector<std::string>()
                                      : std::vector<std::string>{"APPROVEKIT_PROXY_SECRET=" + secret_of_proxy});
        CHECK(web.ask("GET /api/session", named).status == 401);
        const auto answer = web.ask("GET /api/session", proxied);
        CHECK(answer.status == 200);
        CHECK(Json::parse(answer.body).at("reviewer") == "ann");
    }
}

TEST_CASE("approvekit-web for several reviewers tells people how they come in, and hands out no link") {
    const TeamCommands team;
    static_cast<void>(team.invite("ann", "http://127.0.0.1:1"));
    ChildProcess web(web_command(team.database, {"--port", "0", "--reviewers", team.team.string()}));
    web.wait_for_output("Press Ctrl+C to stop.\n");
    CHECK_THAT(web.output(), ContainsSubstring("Reviewers decide under their own names at http://127.0.0.1:") &&
                                 ContainsSubstring("approvekit-review invite NAME --reviewers") &&
                                 !ContainsSubstring("#sign-in="));
    web.send_signal(SIGINT);
    CHECK(web.wait() == 0);
}
