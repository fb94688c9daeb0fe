#include "review_fixture.hpp"
#include "support/catch.hpp"
#include "support/child_process.hpp"

#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

using approvekit::ApprovalRequest;
using approvekit::testing::run;
using Catch::Matchers::ContainsSubstring;

namespace {

/// What bash offers for the last of `words`, one per line, with the completion script that the command itself prints.
std::string offered(const std::vector<std::string>& words) {
    const auto tools = std::filesystem::path(APPROVEKIT_REVIEW).parent_path();
    std::string script =
        "PATH=" + tools.string() + ":$PATH; source <(approvekit-review --completion bash); COMP_WORDS=(";
    for (const std::string& word : words)
        script += "'" + word + "' ";
    script += "); COMP_CWORD=" + std::to_string(words.size() - 1) +
              "; _approvekit_review; printf '%s\\n' \"${COMPREPLY[@]}\"";
    const auto finished = run({"bash", "-c", script});
    INFO(finished.error_output);
    CHECK(finished.exit_code == 0);
    return finished.output;
}

}  // namespace

TEST_CASE("bash completes commands, their options and the words that an option takes") {
    CHECK(offered({"approvekit-review", "ap"}) == "approve\n");
    CHECK(offered({"approvekit-review", "--db", "list", "a"}) == "approve\nanswer\naudit\n");
    CHECK(offered({"approvekit-review", "audit", "ver"}) == "verify\n");
    CHECK(offered({"approvekit-review", "reviewers", "rem"}) == "remove\n");
    CHECK(offered({"approvekit-review", "invite", "ann", "--gr"}) == "--group\n");
    CHECK(offered({"approvekit-review", "audit", "--status", "exe"}) == "executed\n");
    CHECK(offered({"approvekit-review", "stats", "--si"}) == "--since\n");
    CHECK(offered({"approvekit-review", "audit", "verify", "--allow"}) == "--allow-empty\n");
    CHECK(offered({"approvekit-review", "list", "--status", "p"}) == "pending\n");
    CHECK(offered({"approvekit-review", "list", "--limit", ""}) == "\n");
}

TEST_CASE("bash completes the ids that wait in the database that the line names") {
    ReviewFixture fixture;
    const ApprovalRequest request = fixture.submit();
    CHECK(offered({"approvekit-review", "--db", fixture.path.string(), "approve", request.id.substr(0, 4)}) ==
          request.id + "\n");
    CHECK(offered({"approvekit-review", "approve", request.id.substr(0, 4)}) == "\n");
}

TEST_CASE("G11 an id that a shell would obey is not offered to one") {
    ReviewFixture fixture;
    const ApprovalRequest request = fixture.submit();
    const auto planted = fixture.directory / "planted";
    as_other_program(fixture.path)
        .exec("INSERT INTO approval_requests(id, tool_name, tool_args, status, created_at) VALUES ('$(touch " +
              planted.string() + ")', 'send', '{}', 'pending', '2026-01-02T03:04:05')");
    CHECK(offered({"approvekit-review", "--db", fixture.path.string(), "show", ""}).find("touch") == std::string::npos);
    CHECK_FALSE(std::filesystem::exists(planted));
}

TEST_CASE("each shell gets a completion and man a page, which name every command") {
    for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
             {"--completion", "bash"}, {"--completion", "fish"}, {"--completion", "zsh"}, {"--manual"}}) {
        std::vector<std::string> command{APPROVEKIT_REVIEW};
        command.insert(command.end(), words.begin(), words.end());
        CAPTURE(words);
        const auto finished = run(command);
        CHECK(finished.exit_code == 0);
        for (const std::string name :
             {"list", "approve", "watch", "checkpoint", "stats", "keygen", "invite", "reviewers"})
            CHECK_THAT(finished.output, ContainsSubstring(name));
    }
    CHECK(run({APPROVEKIT_REVIEW, "--completion", "tcsh"}).exit_code == 2);
}
