#pragma once

#include "support/catch.hpp"
#include "support/child_process.hpp"
#include "support/held_request.hpp"

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace approvekit::testing {

/// A command from a document, and what the document says it prints.
struct Example {
    std::string command;
    std::string output;
};

/// The contents of the blocks named "console".
inline std::vector<Example> read_examples(const std::filesystem::path& path) {
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

inline std::string without_blanks_at_line_ends(std::string text) {
    for (std::size_t at = text.find(" \n"); at != std::string::npos; at = text.find(" \n"))
        text.erase(at, 1);
    return text;
}

/// Whether `text` matches `pattern`, in which "..." stands for anything.
inline bool fits(std::string_view text, std::string_view pattern) {
    const std::size_t gap = pattern.find("...");
    if (!text.starts_with(pattern.substr(0, gap))) return false;
    if (gap == std::string_view::npos) return text.size() == pattern.size();
    pattern.remove_prefix(gap + 3);
    for (text.remove_prefix(gap);; text.remove_prefix(1)) {
        if (fits(text, pattern)) return true;
        if (text.empty()) return false;
    }
}

/// Runs every example of `document` in one shell, after `preparation`, and compares what they print.
inline void check_examples(const std::filesystem::path& document, const std::string& preparation) {
    const std::string mark = "\x01\n";
    const std::vector<Example> examples = read_examples(document);
    std::string script = "exec 2>&1; " + preparation + "\n";
    for (const Example& example : examples)
        script += example.command + "\nprintf '\\n\\001\\n'\n";
    std::string rest =
        run({"sh", "-c", script}, {}, {.environment = {"LC_ALL=C.UTF-8", "COLUMNS"}, .terminal = false}).output;

    CHECK(examples.size() >= 8);
    for (const Example& example : examples) {
        const std::size_t end = rest.find(mark);
        REQUIRE(end != std::string::npos);
        std::string output = rest.substr(0, end);
        rest.erase(0, end + mark.size());
        if (output.ends_with("\n\n") || output == "\n") output.pop_back();
        INFO(example.command << "\n" << output);
        CHECK(fits(without_blanks_at_line_ends(output), without_blanks_at_line_ends(example.output)));
    }
}

/// A request in the form in which the documents show it.
inline ApprovalRequest request_of_the_reference(const std::string& id, const std::string& tool, const Json& arguments) {
    ApprovalRequest request = held_request(SystemClock());
    request.id = id;
    request.tool_name = tool;
    request.tool_args = arguments;
    request.agent = "mailer";
    if (arguments.contains("body")) request.redactions = {{"body", "string", "33-256", "1a2b3c4d"}};
    request.view_digest = view_digest(request);
    return request;
}

/// The two requests that the examples are about.
inline std::pair<ApprovalRequest, ApprovalRequest> requests_of_the_reference() {
    return {request_of_the_reference(
                "3f2a91bc-7d1e-4c55-9a10-2f6d1f0e8b11", "send_email",
                {{"to", "ann@example.com"}, {"subject", "Quarterly \u202enumbers"}, {"body", "[REDACTED]"}}),
            request_of_the_reference("c0ffee00-1c3b-4f7a-8d52-6b1f0a9e2d47", "drop_table", {{"table", "customers"}})};
}

}  // namespace approvekit::testing
