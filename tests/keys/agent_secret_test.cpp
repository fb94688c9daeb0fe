#include "approvekit/agent_secret.hpp"

#include "approvekit/digest.hpp"
#include "approvekit/error.hpp"
#include "support/catch.hpp"
#include "support/error_code_of.hpp"
#include "support/temporary_directory.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

using namespace approvekit;

namespace {

const std::string long_enough(32, 'x');

std::filesystem::path written(const TemporaryDirectory& directory, const std::string& text, ::mode_t mode = 0600) {
    const auto path = directory / "agent.secret";
    std::ofstream(path) << text;
    REQUIRE(::chmod(path.c_str(), mode) == 0);
    return path;
}

ErrorCode code_for_file(const std::filesystem::path& path) {
    return error_code_of([&] { static_cast<void>(AgentSecret::from_file(path)); });
}

}  // namespace

TEST_CASE("the same bytes are the same secret, from a file, from the environment and from code") {
    const TemporaryDirectory directory;
    const AgentSecret secret = AgentSecret::from_text(long_enough);
    CHECK(AgentSecret::from_file(written(directory, long_enough)).id() == secret.id());
    REQUIRE(::setenv("APPROVEKIT_TEST_SECRET", long_enough.c_str(), 1) == 0);
    CHECK(AgentSecret::from_environment("APPROVEKIT_TEST_SECRET").id() == secret.id());
    REQUIRE(::unsetenv("APPROVEKIT_TEST_SECRET") == 0);
    CHECK(AgentSecret::from_text(long_enough + "y").id() != secret.id());
    CHECK(AgentSecret::random().id() != AgentSecret::random().id());
    CHECK(secret.id().size() == 16);
    CHECK(secret.key().authenticate({"a"}) == AgentSecret::from_text(long_enough).key().authenticate({"a"}));
}

TEST_CASE("a secret that is too short, missing, or open to others is refused") {
    const TemporaryDirectory directory;
    CHECK(error_code_of([] { static_cast<void>(AgentSecret::from_text(std::string(31, 'x'))); }) ==
          ErrorCode::invalid_key);
    CHECK(error_code_of([] { static_cast<void>(AgentSecret::from_environment("APPROVEKIT_NOT_SET")); }) ==
          ErrorCode::invalid_key);
    CHECK(code_for_file(directory / "missing") == ErrorCode::invalid_key);
    CHECK(code_for_file(directory.path()) == ErrorCode::invalid_key);
    CHECK(code_for_file(written(directory, std::string(31, 'x'))) == ErrorCode::invalid_key);
    CHECK(code_for_file(written(directory, std::string(65537, 'x'))) == ErrorCode::invalid_key);
    CHECK(code_for_file(written(directory, long_enough, 0640)) == ErrorCode::invalid_key);
    CHECK(code_for_file(written(directory, long_enough, 0604)) == ErrorCode::invalid_key);
    CHECK_NOTHROW(AgentSecret::from_file(written(directory, long_enough, 0400)));
}

TEST_CASE("G7 the error about a secret tells nothing of it") {
    const std::string secret(31, 'x');
    try {
        static_cast<void>(AgentSecret::from_text(secret));
        FAIL("nothing was thrown");
    } catch (const Error& error) {
        CHECK(std::string(error.what()).find("xx") == std::string::npos);
    }
}

TEST_CASE("a commitment that is keyed with a secret can be made again, for one request only") {
    const AgentSecret secret = AgentSecret::from_text(long_enough);
    const ActionCommitment first(secret.key(), "n-1", "pay", "{}");
    CHECK(first.digest() == ActionCommitment(secret.key(), "n-1", "pay", "{}").digest());
    CHECK(first.fits("pay", "{}"));
    CHECK_FALSE(first.fits("pay", "[]"));
    CHECK_FALSE(first.fits("send", "{}"));
    CHECK(first.digest() != ActionCommitment(secret.key(), "n-2", "pay", "{}").digest());
    CHECK(first.digest() != ActionCommitment(AgentSecret::random().key(), "n-1", "pay", "{}").digest());
}
