#include "approvekit/json.hpp"
#include "approvekit/sqlite_storage.hpp"
#include "reference.hpp"
#include "support/catch.hpp"
#include "support/child_process.hpp"
#include "support/temporary_directory.hpp"

#include <string>

using namespace approvekit::testing;

TEST_CASE("Every example of the HTTP reference prints what the reference says") {
    const TemporaryDirectory directory;
    approvekit::SqliteStorage storage(directory / "agent.db");
    const auto [email, table] = requests_of_the_reference();
    storage.submit(email);
    storage.submit(table);
    const std::string token = "a-token-for-the-examples";
    ChildProcess web(
        {APPROVEKIT_WEB, "--db", (directory / "agent.db").string(), "--port", "0", "--json", "--reviewer", "ada"},
        {.environment = {"APPROVEKIT_TOKEN=" + token}, .terminal = false});
    web.wait_for_output("}\n");
    const auto address = approvekit::Json::parse(web.output()).at("address").get<std::string>();
    check_examples(APPROVEKIT_SOURCES "/docs/http-api.md", "cd '" + directory.path().string() +
                                                               "'; APPROVEKIT_TOKEN=" + token + "; web=" + address +
                                                               "; key=\"Authorization: Bearer $APPROVEKIT_TOKEN\"");
}
