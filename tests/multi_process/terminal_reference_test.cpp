#include "approvekit/sqlite_storage.hpp"
#include "catch.hpp"
#include "child_process.hpp"
#include "held_request.hpp"
#include "temporary_directory.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

using approvekit::ApprovalRequest;
using approvekit::Json;
using approvekit::testing::run;

namespace {

/// A command of the reference, and what the reference says it prints.
struct Example {
    std::string command;
    std::string output;
};

std::vector<Example> read_examples(const std::filesystem::path& path) {
    std::vector<Example> examples;
    std::ifstream file(path);
    bool is_console = false;
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("```")) {
            is_console = line == "```console";
        } else if (is_console && line.starts_with("$ ")) {
            examples.push_back({line.substr(2), {}});
        } else if (is_console) {
            examples.back().output += line + "\n";
        }
    }
    return examples;
}

std::string without_blanks_at_line_ends(std::string text) {
    for (std::size_t at = text.find(" \n"); at != std::string::npos; at = text.find(" \n"))
        text.erase(at, 1);
    return text;
}

/// Whether `text` is `pattern`, in which "..." stands for anything.
bool fits(std::string_view text, std::string_view pattern) {
    const std::size_t gap = pattern.find("...");
    if (!text.starts_with(pattern.substr(0, gap))) return false;
    if (gap == std::string_view::npos) return text.size() == pattern.size();
    pattern.remove_prefix(gap + 3);
    for (text.remove_prefix(gap);; text.remove_prefix(1)) {
        if (fits(text, pattern)) return true;
        if (text.empty()) return false;
    }
}

ApprovalRequest request_of_the_reference(const std::string& id, const std::string& tool, const Json& arguments) {
    ApprovalRequest request = held_request(approvekit::SystemClock());
    request.id = id;
    request.tool_name = tool;
    request.tool_args = arguments;
    request.agent = "mailer";
    if (arguments.contains("body")) request.redactions = {{"body", "string", "33-256", "1a2b3c4d"}};
    request.view_digest = approvekit::view_digest(request);
    return request;
}

}  // namespace

TEST_CASE("Every example of the terminal reference prints what the reference says") {
    const TemporaryDirectory directory;
    approvekit::SqliteStorage storage(directory / "agent.db");
    storage.submit(request_of_the_reference(
        "3f2a91bc-7d1e-4c55-9a10-2f6d1f0e8b11", "send_email",
        {{"to", "ann@example.com"}, {"subject", "Quarterly \u202enumbers"}, {"body", "[REDACTED]"}}));
    storage.submit(
        request_of_the_reference("c0ffee00-1c3b-4f7a-8d52-6b1f0a9e2d47", "drop_table", {{"table", "customers"}}));
    const std::string enter = "exec 2>&1; cd '" + directory.path().string() +
                              "'; PATH=" + std::filesystem::path(APPROVEKIT_REVIEW).parent_path().string() + ":$PATH; ";
    const std::vector<Example> examples = read_examples(APPROVEKIT_SOURCES "/docs/terminal.md");
    CHECK(examples.size() >= 8);
    for (const Example& example : examples) {
        const auto finished = run({"sh", "-c", enter + example.command}, {},
                                  {.environment = {"LC_ALL=C.UTF-8", "COLUMNS"}, .terminal = false});
        INFO(example.command << "\n" << finished.output);
        CHECK(fits(without_blanks_at_line_ends(finished.output + (finished.output.ends_with("\n") ? "" : "\n")),
                   without_blanks_at_line_ends(example.output)));
    }
}
