// The agent's loop of demo/loop.cpp, with the transcript that docs/agents.md shows.

#include "approvekit/reviewer.hpp"
#include "approvekit/sqlite_storage.hpp"
#include "support/catch.hpp"
#include "support/child_process.hpp"
#include "support/eventually.hpp"
#include "support/temporary_directory.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <regex>
#include <sstream>
#include <string>

using namespace approvekit;
using approvekit::testing::ChildProcess;

namespace {

const std::filesystem::path sources = APPROVEKIT_SOURCES;

/// The block of docs/agents.md that begins with `first`.
std::string block_of_the_document(const std::string& first) {
    std::ifstream file(sources / "docs" / "agents.md");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const auto start = text.find("```\n" + first) + 4;
    REQUIRE(start != std::string::npos + 4);
    return text.substr(start, text.find("```", start) - start);
}

std::string without_ids(const std::string& text) {
    static const std::regex id("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    return std::regex_replace(text, id, "3f2a91bc-...");
}

/// The turns of a transcript, and the lines that answer them.
struct Transcript {
    explicit Transcript(const std::string& text) {
        std::istringstream lines(text);
        for (std::string line; std::getline(lines, line);)
            (line.starts_with("> ") ? turns : answers) += (line.starts_with("> ") ? line.substr(2) : line) + "\n";
    }
    std::string turns;
    std::string answers;
};

}  // namespace

TEST_CASE("An agent's loop answers its model as the document shows, until Ctrl+C") {
    const TemporaryDirectory directory;
    const auto storage = std::make_shared<SqliteStorage>(directory / "loop.db");
    Reviewer ada(storage, "ada", "library");
    const Transcript transcript(block_of_the_document("> {\"calls\": ["));
    ChildProcess loop({APPROVEKIT_DEMO_LOOP, directory / "loop.db", sources / "demo" / "loop_policy.yaml"});
    loop.write(transcript.turns);

    RequestPage page;
    REQUIRE(eventually([&] { return (page = ada.list()).requests.size() == 2; }));
    for (const ApprovalRequest& request : page.requests) {
        CHECK(request.metadata.at("context") ==
              Json{{"conversation", "demo"}, {"why", "The customer was promised a refund."}});
        if (request.tool_name == "pay") ada.approve(request.id, {.seen = request.view_digest});
        if (request.tool_name == "send_email")
            ada.reject(request.id, {.notes = "not to customers", .seen = request.view_digest});
    }
    loop.wait_for_error_output("delete_orders waits");
    loop.send_signal(SIGINT);
    CHECK(loop.wait() == 130);
    CHECK(without_ids(loop.output()) == transcript.answers);
    CHECK(storage->verify_audit().intact());
    CHECK(ada.list().requests.empty());
}
