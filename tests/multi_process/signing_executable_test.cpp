#include "approvekit/approvekit.hpp"
#include "support/catch.hpp"
#include "support/child_process.hpp"
#include "support/other_program.hpp"
#include "support/temporary_directory.hpp"

#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

using namespace approvekit;
using approvekit::testing::ChildProcess;
using approvekit::testing::FinishedProcess;
using approvekit::testing::run;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr const char* passphrase = "correct horse battery";

/// An agent whose policy lists ann, and ann with her key at a terminal.
class SigningExecutableFixture {
public:
    [[nodiscard]] std::vector<std::string> command(const std::vector<std::string>& words) const {
        std::vector<std::string> command{APPROVEKIT_REVIEW, "--db", (directory / "agent.db").string()};
        command.insert(command.end(), words.begin(), words.end());
        return command;
    }

    [[nodiscard]] FinishedProcess review(const std::vector<std::string>& words) const {
        return run(command(words), {}, {.environment = environment, .terminal = false});
    }

    [[nodiscard]] std::string key() const { return (directory / "ann.key").string(); }

    /// What keygen prints for machines.
    [[nodiscard]] Json make_key() const {
        const auto made = review(
            {"--json", "keygen", "--reviewer", "ann", "--memory", "8", "--out", (directory / "ann.key").string()});
        REQUIRE(made.exit_code == 0);
        return Json::parse(made.output);
    }

    [[nodiscard]] ApproveKit agent(const std::string& public_key) const {
        const Json policy = {{"rules", {{{"tool", "deploy"}, {"require_approval", true}, {"timeout", 60}}}},
                             {"reviewers", {{{"name", "ann"}, {"key", public_key}}}}};
        return {Policy::from_json(policy),
                std::make_shared<SqliteStorage>(directory / "agent.db", shared_with_others())};
    }

    TemporaryDirectory directory;
    std::vector<std::string> environment{"LC_ALL=C.UTF-8", "NO_COLOR",
                                         std::string("APPROVEKIT_PASSPHRASE=") + passphrase};
};

std::string read(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

}  // namespace

TEST_CASE("what keygen prints is what a policy takes, whatever the reviewer's name") {
    const SigningExecutableFixture fixture;
    int number = 0;
    for (const std::string name : {"ann", "no", "O'Hara \"x\" \\", "Zo\u00eb"}) {
        CAPTURE(name);
        const std::string file = (fixture.directory / std::to_string(++number)).string();
        const auto made = fixture.review({"keygen", "--reviewer", name, "--memory", "8", "--out", file});
        REQUIRE(made.exit_code == 0);
        const std::string listing = made.output.substr(made.output.find("reviewers:"));
        const Policy policy = Policy::from_yaml_text("rules: []\n" + listing);
        REQUIRE(policy.reviewers().size() == 1);
        CHECK(policy.reviewers()[0].name == name);
        CHECK(policy.reviewers()[0].public_key == ReviewerKey::load(file, passphrase).public_key());
    }
}

TEST_CASE("keygen makes no key for a name that no policy could list") {
    const SigningExecutableFixture fixture;
    const std::string file = (fixture.directory / "key").string();
    const std::map<std::string, std::string> objections{{" ann", "the reviewer's name has blanks around it"},
                                                        {"a\u200bnn", "others that cannot be seen"},
                                                        {std::string(150, 'a'), "no policy could list"}};
    for (const auto& [name, objection] : objections) {
        CAPTURE(name);
        const auto refused = fixture.review({"keygen", "--reviewer", name, "--memory", "8", "--out", file});
        CHECK(refused.exit_code == 2);
        CHECK_THAT(refused.error_output, ContainsSubstring(objection));
        CHECK_FALSE(std::filesystem::exists(file));
    }
}

TEST_CASE("keygen asks for a new passphrase twice, shows none of it and writes nothing when they differ") {
    const SigningExecutableFixture fixture;
    const auto ask = [&](const std::string& first, const std::string& second, const std::string& file) {
        ChildProcess keygen(fixture.command({"keygen", "--memory", "8", "--out", file}),
                            {.environment = {"APPROVEKIT_PASSPHRASE", "LC_ALL=C.UTF-8"}, .terminal = true});
        keygen.wait_for_output("New passphrase");
        keygen.write(first);
        keygen.wait_for_output("The same again: ");
        keygen.write(second);
        const int exit_code = keygen.wait();
        CHECK_THAT(keygen.output(), !ContainsSubstring("horse"));
        return exit_code;
    };
    const std::string file = (fixture.directory / "key").string();
    CHECK(ask("correct horse\n", "correct horsf\n", file) == 2);
    CHECK_FALSE(std::filesystem::exists(file));
    // A typing mistake that was corrected, and a line that was started again.
    CHECK(ask("corrext\x7f\x7f\x7f\x7f"
              "rect horse\n",
              "nonsense\x15"
              "correct horse\n",
              file) == 0);
    CHECK_NOTHROW(ReviewerKey::load(file, "correct horse"));
}

TEST_CASE("Ctrl+C at the passphrase leaves without a key and with a terminal that shows what is typed") {
    const SigningExecutableFixture fixture;
    const std::string file = (fixture.directory / "key").string();
    ChildProcess shell({"sh", "-c", std::string(APPROVEKIT_REVIEW) + " keygen --out " + file + "; stty -a; echo done"},
                       {.environment = {"APPROVEKIT_PASSPHRASE"}, .terminal = true});
    shell.wait_for_output("New passphrase");
    shell.write("abc\x03");
    shell.wait_for_output("done");
    CHECK_THAT(shell.output(),
               !ContainsSubstring("-echo ") && !ContainsSubstring("-isig") && !ContainsSubstring("-icanon"));
    CHECK_FALSE(std::filesystem::exists(file));
}

TEST_CASE("a passphrase comes from a file, or from what stands behind a descriptor") {
    const SigningExecutableFixture fixture;
    static_cast<void>(fixture.make_key());
    std::ofstream(fixture.directory / "passphrase") << passphrase << "\nmore\n";
    const std::string words = std::string(APPROVEKIT_REVIEW) + " --db " + (fixture.directory / "new.db").string() +
                              " --key " + fixture.key() + " --passphrase-file ";
    const approvekit::testing::ChildProcess::Options no_variable{.environment = {"APPROVEKIT_PASSPHRASE"},
                                                                 .terminal = false};
    const std::string file = (fixture.directory / "passphrase").string();
    CHECK(run({"sh", "-c", words + file}, "quit\n", no_variable).exit_code == 0);
    CHECK(run({"sh", "-c", words + "/dev/fd/3 3< " + file}, "quit\n", no_variable).exit_code == 0);
    CHECK(run({"sh", "-c", words + "/nowhere"}, "quit\n", no_variable).exit_code == 2);
}

TEST_CASE("G14 a held call runs on the signature of its reviewer, given in a terminal") {
    const SigningExecutableFixture fixture;
    const ApproveKit agent = fixture.agent(fixture.make_key().at("key"));
    PendingCall call = agent.submit("deploy", {{"to", "production"}});
    const std::string id = call.request_id();

    const auto keyless = fixture.review({"--reviewer", "ann", "approve", id});
    CHECK(keyless.exit_code == 2);
    CHECK_THAT(keyless.error_output, ContainsSubstring("signed by ann") && ContainsSubstring("--key"));
    const auto unseen = fixture.review({"--key", fixture.key(), "approve", id});
    CHECK(unseen.exit_code == 2);
    CHECK_THAT(unseen.error_output, ContainsSubstring("look at the request first"));

    const Json shown = Json::parse(fixture.review({"--json", "show", id}).output);
    const std::string seen = shown.at("request").at("view_digest");
    CHECK(fixture.review({"--key", fixture.key(), "approve", id, "--seen", seen}).exit_code == 0);
    call.wait().executed();
    agent.storage().flush();
    CHECK_THAT(fixture.review({"audit"}).output, ContainsSubstring("by ann (terminal)  signed"));
}

TEST_CASE("G14 the prompt signs what it has shown") {
    const SigningExecutableFixture fixture;
    const ApproveKit agent = fixture.agent(fixture.make_key().at("key"));
    PendingCall call = agent.submit("deploy", {{"to", "production"}});
    const auto prompt = run(fixture.command({"--key", fixture.key()}), "approve " + call.request_id() + "\nquit\n",
                            {.environment = fixture.environment, .terminal = false});
    CHECK_THAT(prompt.output, ContainsSubstring("counts only with the signature of ann"));
    CHECK_THAT(prompt.output, ContainsSubstring("Approved"));
    call.wait().executed();
}

TEST_CASE("a wrong passphrase, another's name and a missing key are told before anything is decided") {
    const SigningExecutableFixture fixture;
    const ApproveKit agent = fixture.agent(fixture.make_key().at("key"));
    PendingCall call = agent.submit("deploy", Json::object());
    const std::string id = call.request_id();
    const auto wrong = run(fixture.command({"--key", fixture.key(), "approve", id}), {},
                           {.environment = {"APPROVEKIT_PASSPHRASE=not this one"}, .terminal = false});
    CHECK(wrong.exit_code == 2);
    CHECK_THAT(wrong.error_output, ContainsSubstring("that is not the passphrase"));
    CHECK(fixture.review({"--key", fixture.key(), "--reviewer", "ben", "approve", id}).exit_code == 2);
    CHECK(fixture.review({"--key", fixture.key() + "x", "approve", id}).exit_code == 2);
    CHECK(agent.storage().find(id)->status == ApprovalStatus::pending);
}

TEST_CASE("H31 audit verify finds a cut tail with a checkpoint that was kept, in the database and in an export") {
    const SigningExecutableFixture fixture;
    const Json made = fixture.make_key();
    const ApproveKit agent = fixture.agent(made.at("key"));
    for (int number = 0; number < 3; ++number)
        agent.submit("deploy", {{"number", number}}).cancel();
    const auto kept = fixture.review({"--key", fixture.key(), "audit", "checkpoint"});
    REQUIRE(kept.exit_code == 0);
    CHECK(kept.error_output.empty());
    const std::string file = (fixture.directory / "checkpoints").string();
    std::ofstream(file) << "an older line\n" << kept.output;
    const std::string key = made.at("key");
    const auto verify = [&](std::vector<std::string> words) {
        words.insert(words.begin(), {"audit", "verify", "--checkpoint"});
        return fixture.review(words);
    };

    const auto grown = verify({file, "--public-key", key});
    CHECK(grown.exit_code == 0);
    CHECK_THAT(grown.output, ContainsSubstring("grown from entry 3") && ContainsSubstring("which ann signed"));
    const auto unknown_key = verify({file});
    CHECK(unknown_key.exit_code == 2);
    CHECK_THAT(unknown_key.error_output, ContainsSubstring("--public-key"));
    const auto exported = fixture.review({"audit", "export"}).output;
    const std::string cut = exported.substr(0, exported.find('\n', exported.find('\n') + 1) + 1);
    std::ofstream(fixture.directory / "whole.jsonl") << exported;
    std::ofstream(fixture.directory / "cut.jsonl") << cut;
    CHECK(verify({kept.output, "--public-key", key, "--export", (fixture.directory / "whole.jsonl").string()})
              .exit_code == 0);
    const auto found = verify({file, "--public-key", key, "--export", (fixture.directory / "cut.jsonl").string()});
    CHECK(found.exit_code == 1);
    CHECK_THAT(found.output, ContainsSubstring("its end was cut off: it goes up to entry 2"));

    const std::string policy = (fixture.directory / "policy.json").string();
    std::ofstream(policy) << agent.policy().as_json();
    CHECK(verify({file, "--policy", policy}).exit_code == 0);
    as_other_program(fixture.directory / "agent.db").exec("DELETE FROM approvekit_audit WHERE seq = 3");
    const auto in_database = fixture.review({"--json", "audit", "verify", "--checkpoint", file, "--policy", policy});
    CHECK(in_database.exit_code == 1);
    const Json document = Json::parse(in_database.output);
    // What the entry said is still said elsewhere, so that the request does not fit any more.
    CHECK(document.at("fault").at("request_id").is_string());
    CHECK(document.at("intact") == false);
    CHECK(document.at("checkpoint").at("objection") != nullptr);
}

TEST_CASE("H31 a checkpoint without a key says that it is unsigned, and one with a wrong signature is refused") {
    const SigningExecutableFixture fixture;
    const Json made = fixture.make_key();
    fixture.agent(made.at("key")).submit("deploy", Json::object()).cancel();
    const auto kept = fixture.review({"audit", "checkpoint"});
    CHECK_THAT(kept.error_output, ContainsSubstring("unsigned"));
    const auto plain = fixture.review({"audit", "verify", "--checkpoint", kept.output});
    CHECK(plain.exit_code == 0);
    CHECK_THAT(plain.output, ContainsSubstring("unsigned"));
    CHECK(fixture.review({"audit", "verify", "--checkpoint", kept.output, "--public-key", made.at("key")}).exit_code ==
          1);

    std::string forged = fixture.review({"--key", fixture.key(), "audit", "checkpoint"}).output;
    forged.replace(forged.find("\"sequence\":1"), 12, "\"sequence\":0");
    const auto found = fixture.review({"audit", "verify", "--checkpoint", forged, "--public-key", made.at("key")});
    CHECK(found.exit_code == 1);
    CHECK_THAT(found.output, ContainsSubstring("changed since it was signed"));
    CHECK(fixture.review({"audit", "verify", "--checkpoint", "{}"}).exit_code == 2);
    CHECK(fixture.review({"audit", "verify", "--checkpoint", "/nowhere"}).exit_code == 2);
    CHECK(fixture.review({"audit", "verify", "--checkpoint", kept.output, "--public-key", "ed25519:x"}).exit_code == 2);
}

#ifdef APPROVEKIT_WEB
TEST_CASE("approvekit-web signs with its key and leaves no passphrase in its environment") {
    const SigningExecutableFixture fixture;
    const Json made = fixture.make_key();
    ChildProcess web({APPROVEKIT_WEB, "--db", (fixture.directory / "agent.db").string(), "--port", "0", "--json",
                      "--key", fixture.key()},
                     {.environment = fixture.environment, .terminal = false});
    web.wait_for_output("}\n");
    const Json line = Json::parse(web.output());
    CHECK(line.at("reviewer") == "ann");
    CHECK(line.at("key_id") == made.at("key_id"));
    CHECK_THAT(read("/proc/" + std::to_string(web.id()) + "/environ"), !ContainsSubstring("correct horse"));
}
#endif
