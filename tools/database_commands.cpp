#include "database_commands.hpp"

#include "approvekit/copy_record.hpp"
#include "approvekit/error.hpp"
#include "approvekit/open_storage.hpp"
#ifdef APPROVEKIT_HAS_POSTGRES
#include "approvekit/postgres_storage.hpp"
#endif
#include "progress_line.hpp"

#include <unistd.h>

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

ExitCode make(const std::string& database, const std::string& role, int lanes) {
    PostgresStorage::create(database, lanes);
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

ExitCode copy(const std::string& from, const std::string& to) {
    OpenOptions existing;
    existing.missing = Missing::refuse;
    const OpenedStorage source = open_storage(from, existing);
    const OpenedStorage target = open_storage(to);
    ProgressLine line(STDERR_FILENO, "rows copied");
    const AuditReport report =
        copy_record(*source.storage, *target.storage, [&](std::int64_t rows) { line.show(rows); });
    std::cout << "Copied " << report.entries
              << " entries with all that belongs to them; the copy is as it was written.\n"
              << "head " << report.head << "\n"
              << "Let nothing write the old record from now on.\n";
    return ExitCode::done;
}

}  // namespace

void DatabaseCommands::add_to(CLI::App& app, const std::function<void(Command)>& choose) {
    CLI::App* const database =
        app.add_subcommand("database", "Create a record on a server, upgrade it, or copy a record");
    database->require_subcommand(1);
    const auto add = [&](const char* name, const char* help, Command command) -> CLI::App& {
        CLI::App* const added = database->add_subcommand(name, help);
        added->add_option("--role", role, "The role that the printed grants are for")
            ->type_name("ROLE")
            ->capture_default_str();
        added->callback([choose, command] { choose(command); });
        return *added;
    };
    add("init", "Make an empty record in the schema approvekit", Command::init)
        .add_option("--lanes", lanes,
                    "How many parallel chains the audit has, so that as many transactions commit at once")
        ->check(CLI::Range(1, 64).description(""))
        ->type_name("NUMBER")
        ->capture_default_str();
    add("upgrade", "Upgrade a record of an older release", Command::upgrade);
    CLI::App* const copied = database->add_subcommand("copy", "Copy a whole record that nobody uses into an empty one");
    copied->add_option("--from", from, "The record, a file or the address of a server")->type_name("PLACE")->required();
    copied->add_option("--to", to, "A new file, or an empty record that 'database init' has made")
        ->type_name("PLACE")
        ->required();
    copied->callback([choose] { choose(Command::copy); });
}

ExitCode DatabaseCommands::run(const std::string& database) const {
    if (chosen == Command::copy) return copy(from, to);
    check_server(database);
#ifdef APPROVEKIT_HAS_POSTGRES
    return chosen == Command::init ? make(database, role, lanes) : bring_up(database, role);
#else
    throw Error(ErrorCode::invalid_option, "this program was built without PostgreSQL, and only opens files");
#endif
}

}  // namespace approvekit::tools
