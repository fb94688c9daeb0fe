#include "stop_commands.hpp"

namespace approvekit::tools {

void StopCommands::add_to(CLI::App& app, const std::function<void(Command)>& chosen) {
    const auto add = [&](const char* name, const char* help, Command command) {
        CLI::App* const added = app.add_subcommand(name, help);
        added->callback([chosen, command] { chosen(command); });
        return added;
    };
    CLI::App* const stopped = add("stop", "Stop matching calls from starting until the stop is lifted", Command::stop);
    stopped->add_option("--reason", order.reason, "What agents, reviewers and the record are told")
        ->type_name("TEXT")
        ->required();
    stopped->add_option("--tool", order.tool, "Only tools of that name; * stands for anything")
        ->type_name("PATTERN")
        ->capture_default_str();
    stopped->add_option("--agent", order.agent, "Only agents of that name; * stands for anything")
        ->type_name("PATTERN")
        ->capture_default_str();
    CLI::App* const resumed = add("resume", "Lift a stop", Command::resume);
    resumed->add_option("ID", id, "The stop's id or its start; not needed if only one is in force");
    CLI::App* const listed = add("stops", "List the stops in force", Command::list);
    listed->add_flag("--all", all, "Include lifted stops, newest first");
}

}  // namespace approvekit::tools
