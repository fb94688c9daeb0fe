#include "grant_commands.hpp"

#include "answer_words.hpp"
#include "approvekit/error.hpp"

namespace approvekit::tools {

void GrantCommands::add_options_to(CLI::App& approve) {
    approve.add_option("--grant-uses", uses, "And let the next calls like it run too, as many as this")
        ->type_name("N")
        ->check(CLI::Range(1, 10'000));
    approve.add_option("--grant-for", lasts, "For how long, such as 90s, 5m, 8h")->type_name("TIME");
    approve.add_option("--grant-free", free, "An argument that may be another one in each of them; or several")
        ->type_name("PATH")
        ->allow_extra_args(false);
    approve
        .add_option("--grant-within", within,
                    "An argument that may differ within bounds, as under when in a policy: 'args.amount={\"lte\": 9}'")
        ->type_name("PATH=JSON")
        ->allow_extra_args(false);
}

void GrantCommands::add_to(CLI::App& app, const std::function<void(Command)>& chosen) {
    const auto add = [&](const char* name, const char* help, Command command) {
        CLI::App* const added = app.add_subcommand(name, help);
        added->callback([chosen, command] { chosen(command); });
        return added;
    };
    CLI::App* const listed = add("grants", "List what was granted and may still be used", Command::list);
    listed->add_flag("--all", all, "Include grants that are used up, ended or revoked, newest first");
    CLI::App* const revoked = add("revoke", "Revoke a grant, so that no more calls start under it", Command::revoke);
    revoked->add_option("ID", id, "The id of the request with which it was granted, or its start")->required();
}

std::optional<GrantTerms> GrantCommands::terms() const {
    if (uses == 0 && lasts.empty() && free.empty() && within.empty()) return std::nullopt;
    if (uses == 0 || lasts.empty()) {
        throw Error(ErrorCode::invalid_option,
                    "a grant needs both --grant-uses N and --grant-for TIME, as in --grant-uses 20 --grant-for 8h");
    }
    GrantTerms terms;
    terms.uses = uses;
    const bool is_number = lasts.find_first_not_of("0123456789") == std::string::npos && lasts.size() < 10;
    const auto duration = grant_duration(is_number ? Json(std::stoll(lasts)) : Json(lasts));
    if (!duration) {
        throw Error(ErrorCode::invalid_option,
                    "--grant-for takes whole seconds from 1 to 604800, or such as 90s, 5m, 8h, 7d");
    }
    terms.lasts = *duration;
    terms.free = free;
    if (const Json bounds = settings_of("--grant-within", within); !bounds.is_null()) terms.bounds = bounds;
    return terms;
}

}  // namespace approvekit::tools
