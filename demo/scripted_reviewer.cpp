// A reviewer program: it decides over the HTTP API, and then checks whether the demo did what was decided.

#include "approvekit/version.hpp"
#include "inspection.hpp"
#include "review_api.hpp"
#include "workspace.hpp"

#include <CLI/CLI.hpp>

#include <array>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <functional>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

namespace approvekit::demo {
namespace {

using namespace std::chrono_literals;

constexpr const char* examples =
    "Examples:\n"
    "  approvekit-demo-reviewer decide --address http://127.0.0.1:8765\n"
    "  approvekit-demo-reviewer inspect --address http://127.0.0.1:8765 --db approvals.db --folder out\n"
    "\n"
    "The server's token is taken from APPROVEKIT_TOKEN.\n"
    "Exit codes: 0 done, 1 something is not as it must be, 2 usage.\n";

constexpr auto patience = 20s;

/// What the reviewer does with a tool's call. Without a verb, the call is left alone.
struct Line {
    const char* tool;
    const char* verb;
    const char* notes;
};

constexpr std::array script{
    Line{"send_email", "approve", "The refund is due."},
    Line{"access_personal_data", "approve", "Needed to confirm the refund."},
    Line{"delete_records", "reject", "These customers are still active."},
    Line{"write_production_setting", nullptr, nullptr},
};

/// The first request with this status that is for `tool`.
std::optional<Json> request_for(ReviewApi& api, const char* status, const std::string& tool) {
    for (const Json& request : api.requests(status)) {
        if (request.at("tool_name") == tool) return std::make_optional<Json>(request);
    }
    return std::nullopt;
}

Json wait_for_request(ReviewApi& api, const char* status, const std::string& tool) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (std::chrono::steady_clock::now() < deadline) {
        if (const auto request = request_for(api, status, tool)) return *request;
        std::this_thread::sleep_for(50ms);
    }
    throw std::runtime_error("no request of " + tool + " became " + status);
}

void act(ReviewApi& api, const Line& line) {
    const Json request = wait_for_request(api, "pending", line.tool);
    std::cout << "   Reviewer: sees " << request["tool_args"].dump() << std::endl;
    if (line.verb == nullptr) {
        std::cout << "   Reviewer: leaves it alone" << std::endl;
        wait_for_request(api, "timeout", line.tool);
    } else {
        std::cout << "   Reviewer: " << line.verb << "s, \"" << line.notes << "\"" << std::endl;
        api.decide(request["id"], line.verb, line.notes);
    }
}

bool decide(ReviewApi& api) {
    for (const Line& line : script)
        act(api, line);
    return true;
}

bool inspect(ReviewApi& api, const std::filesystem::path& folder, const std::filesystem::path& database) {
    std::cout << "Is everything as the reviewer decided?\n";
    Workspace workspace(folder);
    Inspection inspection(api, workspace, std::cout);
    inspection.inspect_files();
    inspection.inspect_requests();
    inspection.inspect_audit();
    inspection.inspect_secrets(database);
    return inspection.passed();
}

std::string token_from_environment() {
    const char* const token = std::getenv("APPROVEKIT_TOKEN");
    if (token == nullptr) throw std::runtime_error("set APPROVEKIT_TOKEN to the token of the server");
    return token;
}

int run(int count, char** words) {
    CLI::App app("Decides the demo's calls by a script, and inspects what came of them.", "approvekit-demo-reviewer");
    app.footer(examples);
    app.set_version_flag("--version", "approvekit-demo-reviewer " + std::string(version()));
    app.require_subcommand(1);
    app.fallthrough();
    std::string address, database, folder;
    app.add_option("--address", address, "Where approvekit-web listens")->type_name("URL")->required();
    const auto* deciding = app.add_subcommand("decide", "Approves, approves, rejects, leaves alone");
    auto* inspecting = app.add_subcommand("inspect", "Checks files and audit");
    inspecting->add_option("--db", database, "Where the approvals are, or a dump of them")
        ->type_name("FILE")
        ->required();
    inspecting->add_option("--folder", folder, "Where the tools acted")->type_name("DIRECTORY")->required();
    try {
        app.parse(count, words);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    ReviewApi api(address, token_from_environment());
    return (deciding->parsed() ? decide(api) : inspect(api, folder, database)) ? 0 : 1;
}

}  // namespace
}  // namespace approvekit::demo

int main(int count, char** words) {
    try {
        return approvekit::demo::run(count, words);
    } catch (const std::exception& error) {
        std::cerr << "approvekit-demo-reviewer: " << error.what() << '\n';
        return 1;
    }
}
