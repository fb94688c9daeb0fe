// Old entries are moved into a file from the command line, and verified there and in the record.
#include "approvekit/audit_archive.hpp"
#include "approvekit/json.hpp"
#include "review_fixture.hpp"
#include "support/catch.hpp"

#include <filesystem>
#include <fstream>
#include <string>

using namespace approvekit;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

namespace {

struct OldRecord : ReviewFixture {
    OldRecord() {
        for (int turn = 0; turn < 3; ++turn)
            call();
    }
    void call() const {
        const std::string entry = storage->record_intent({"read_file", "{}", "{}", "allowed", "mailer"});
        storage->finish({entry, std::string(auto_request_id), "read_file", RunState::executed, ""});
        storage->flush();
    }
    [[nodiscard]] static std::string now() { return to_text(SystemClock().now()); }
    [[nodiscard]] testing::FinishedProcess archive(const std::string& name,
                                                   const std::vector<std::string>& more = {}) const {
        std::vector<std::string> words{"--reviewer", "ann", "audit", "archive", "--before", now(), "--out", at(name)};
        words.insert(words.end(), more.begin(), more.end());
        return review(words);
    }
    [[nodiscard]] std::string at(const std::string& name) const { return (directory / name).string(); }
};

}  // namespace

TEST_CASE("An archive from the command line is checked by itself, with the record, and back to the first entry") {
    const OldRecord record;
    const auto archived = record.archive("old");
    CHECK(archived.exit_code == 0);
    CHECK_THAT(archived.output, StartsWith("Archived the entries 1 to 6 in ") && ContainsSubstring("6 were removed"));
    const auto by_itself = record.review({"audit", "verify", "--export", record.at("old")});
    CHECK(by_itself.exit_code == 0);
    CHECK_THAT(by_itself.output, ContainsSubstring("an archive of the entries 1 to 6"));
    const auto alone = record.review({"audit", "verify"});
    CHECK(alone.exit_code == 0);
    CHECK_THAT(alone.output, ContainsSubstring("It begins behind entry 6"));
    const auto with_file = record.review({"audit", "verify", "--archive", record.at("old")});
    CHECK(with_file.exit_code == 0);
    CHECK_THAT(with_file.output, ContainsSubstring("go back to its first entry"));
    CHECK(record.archive("next").exit_code == 0);
    CHECK(record.review({"audit", "verify", "--archive", record.at("old"), "--archive", record.at("next")}).exit_code ==
          0);
    CHECK(record.review({"audit", "verify", "--archive", record.at("next")}).exit_code == 1);
    CHECK(record.review({"audit", "verify", "--archive", record.at("old")}).exit_code == 1);
}

TEST_CASE("A changed byte in the file of an archive is found") {
    const OldRecord record;
    CHECK(record.archive("old").exit_code == 0);
    std::fstream file(record.at("old"), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(300);
    file.put('#');
    file.close();
    CHECK(record.review({"audit", "verify", "--export", record.at("old")}).exit_code == 1);
    CHECK(record.review({"audit", "verify", "--archive", record.at("old")}).exit_code == 1);
    CHECK(record.review({"audit", "verify"}).exit_code == 0);
}

TEST_CASE("An export of a record of which a part was archived tells where it begins and fits") {
    const OldRecord record;
    const auto checkpoint = record.review({"audit", "checkpoint"});
    record.call();
    CHECK(record.archive("old").exit_code == 0);
    const auto exported = record.review({"audit", "export"});
    CHECK_THAT(exported.output, StartsWith("{\"begins\":\"approvekit export 1\""));
    std::ofstream(record.at("export")) << exported.output;
    CHECK(record.review({"audit", "verify", "--export", record.at("export")}).exit_code == 0);
    // An older checkpoint fits only together with the file.
    const std::string line = checkpoint.output.substr(0, checkpoint.output.find('\n'));
    CHECK(record.review({"audit", "verify", "--checkpoint", line}).exit_code == 1);
    CHECK(record.review({"audit", "verify", "--checkpoint", line, "--archive", record.at("old")}).exit_code == 0);
}

TEST_CASE("What is held from the command line stays on record until it is released there") {
    OldRecord record;
    const ApprovalRequest request = record.submit();
    record.storage->decide(decision_on(request, Verdict::reject));
    const std::string id = request.id.substr(0, 8);
    const auto held = record.review({"--reviewer", "ann", "audit", "hold", id, "--reason", "a dispute"});
    CHECK(held.exit_code == 0);
    CHECK_THAT(held.output, StartsWith("Held") && ContainsSubstring("by ann (terminal)"));
    CHECK(record.archive("old").exit_code == 0);
    CHECK(record.review({"show", id}).exit_code == 0);
    CHECK_THAT(record.review({"audit", "holds"}).output, ContainsSubstring("a dispute"));
    CHECK(record.review({"--reviewer", "bob", "audit", "release", id}).exit_code == 0);
    CHECK(record.review({"audit", "holds"}).output == "Nothing is held.\n");
    const Json all = Json::parse(record.review({"audit", "holds", "--all", "--json"}).output);
    CHECK(all.at("holds").at(0).at("ended_by") == "bob");
    CHECK(record.review({"audit", "verify"}).exit_code == 0);
}

TEST_CASE("What cannot be archived or held ends with the code of its kind") {
    const OldRecord record;
    CHECK(record.review({"audit", "archive", "--before", "soon", "--out", record.at("old")}).exit_code == 2);
    CHECK(record.review({"audit", "archive", "--before", "2999-01-01T00:00:00", "--out", record.at("old")}).exit_code ==
          2);
    CHECK(record.review({"audit", "hold", "ffffffff", "--reason", "a test"}).exit_code == 3);
    CHECK(record.review({"audit", "release", "ffffffff"}).exit_code == 3);
    std::ofstream(record.at("old")) << "mine";
    CHECK(record.archive("old").exit_code == 2);
    CHECK_FALSE(std::filesystem::exists(record.at("old") + "-unfinished"));
}
