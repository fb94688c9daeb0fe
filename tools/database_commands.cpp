#include "database_commands.hpp"

#include "approvekit/error.hpp"
#include "approvekit/open_storage.hpp"
#ifdef APPROVEKIT_HAS_POSTGRES
#include "approvekit/postgres_storage.hpp"
#endif

#include <iostream>

namespace approvekit::tools {
namespace {

void check_server(const std::string& database) {
    if (!is_server(database)) {
        throw Error(ErrorCode::invalid_option,
                    "which server? Name it with --db postgresql://HOST/DATABASE; a file is made by whoever opens it");
    }
    check_server_address(database);
}

#ifdef APPROVEKIT_HAS_POSTGRES
void print_grants(const std::string& role) {
    std::cout << "-- For each role that agents and reviewers use; it may not change the schema:\n"
              << PostgresStorage::grants_for(role);
}

ExitCode make(const std::string& database, const std::string& role) {
    PostgresStorage::create(database);
    std::cout << "-- Made an empty record in the schema approvekit.\n";
    print_grants(role);
    return ExitCode::done;
}

ExitCode bring_up(const std::string& database, const std::string& role) {
    const auto version = PostgresStorage::upgrade(database);
    std::cout << "-- The record had schema " << version << " and is as this release needs it.\n";
    print_grants(role);
    return ExitCode::done;
}
#endif

}  // namespace

void DatabaseCommands::add_to(CLI::App& app, const std::function<void(Command)>& choose) {
    CLI::App* const database = app.add_subcommand("database", "Make a record on a server, or bring it up");
    database->require_subcommand(1);
    const auto add = [&](const char* name, const char* help, Command command) {
        CLI::App* const added = database->add_subcommand(name, help);
        added->add_option("--role", role, "Whom the grants are for that are printed")
            ->type_name("ROLE")
            ->capture_default_str();
        added->callback([choose, command] { choose(command); });
    };
    add("init", "Make an empty record in the schema approvekit", Command::init);
    add("upgrade", "Bring a record of an older release up", Command::upgrade);
}

ExitCode DatabaseCommands::run(const std::string& database) const {
    check_server(database);
#ifdef APPROVEKIT_HAS_POSTGRES
    return chosen == Command::init ? make(database, role) : bring_up(database, role);
#else
    throw Error(ErrorCode::invalid_option, "this program was built without PostgreSQL, and takes files alone");
#endif
}

}  // namespace approvekit::tools
