#include "approvekit/sqlite_storage.hpp"
#include "reference.hpp"
#include "support/catch.hpp"
#include "support/temporary_directory.hpp"

#include <filesystem>
#include <string>

using namespace approvekit::testing;

TEST_CASE("Every example of the terminal reference prints what the reference says") {
    const TemporaryDirectory directory;
    approvekit::SqliteStorage storage(directory / "agent.db");
    const auto [email, table] = requests_of_the_reference();
    storage.submit(email);
    storage.submit(table);
    const std::string binaries = std::filesystem::path(APPROVEKIT_REVIEW).parent_path().string();
    check_examples(APPROVEKIT_SOURCES "/docs/terminal.md",
                   "cd '" + directory.path().string() + "'; PATH=" + binaries + ":$PATH");
}
