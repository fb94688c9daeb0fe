#include "archive_commands.hpp"

namespace approvekit::tools {

void ArchiveCommands::add_to(CLI::App& audit, const std::function<void(Command)>& choose) {
    const auto add = [&](const char* name, const char* help, Command command) {
        CLI::App* const added = audit.add_subcommand(name, help);
        added->callback([choose, command] { choose(command); });
        return added;
    };
    CLI::App* const archived = add("archive", "Move what is over and older into a file", Command::archive);
    archived->add_option("--before", before, "Only entries from before then, in UTC")->type_name("TIME")->required();
    archived->add_option("--out", out, "The new file; nothing is ever replaced")->type_name("FILE")->required();
    CLI::App* const held = add("hold", "Let no archive remove a request, or the call of an entry", Command::hold);
    held->add_option("ID", id, "The request's id or its start, or the id of the entry")->required();
    held->add_option("--reason", reason, "What the record tells")->type_name("TEXT")->required();
    CLI::App* const released = add("release", "End a hold", Command::release);
    released->add_option("ID", id, "The id that is held, or its start")->required();
    add("holds", "List what is held", Command::list)->add_flag("--all", all, "What was released too");
}

}  // namespace approvekit::tools
