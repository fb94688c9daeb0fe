#include "answer_words.hpp"
#include "approvekit/error.hpp"
#include "approvekit/policy_check.hpp"
#include "approvekit/policy_replay.hpp"
#include "approvekit/terminal_reviewer.hpp"
#include "approvekit/terminal_text.hpp"
#include "approvekit/unused_fields.hpp"
#include "approvekit/version.hpp"
#include "audit_options.hpp"
#include "command_text.hpp"
#include "engines.hpp"
#include "exit_code.hpp"
#include "help_formatter.hpp"
#include "key_options.hpp"
#include "keygen.hpp"
#include "line_editor.hpp"
#include "policy_commands.hpp"
#include "record_commands.hpp"
#include "review_arguments.hpp"
#include "review_examples.hpp"
#include "standard_streams.hpp"
#include "stop_on_signal.hpp"

#include <CLI/CLI.hpp>

#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace approvekit::tools {
namespace {

using Arguments = ReviewArguments;
using Command = ExitCode (*)(const Arguments&);

ExitCode prompt(const Arguments& arguments) {
    if (arguments.json) throw Error(ErrorCode::invalid_option, "the prompt is for people; --json needs a command");
    const StopOnSignal stop;
    const Decider decider = arguments.key.decider();
    const auto [storage, created] = open_record(arguments, Missing::create);
    if (created) std::cout << "Created " << terminal_name(arguments.database) << ".\n";
    TerminalReviewer reviewer = at_terminal(decider.on(storage, "terminal"), arguments);
    if (LineEditor::is_possible()) {
        LineEditor lines(STDIN_FILENO, STDOUT_FILENO, stop.file());
        reviewer.prompt(lines);
        return ExitCode::done;
    }
    InterruptibleInput input(STDIN_FILENO, stop.file());
    std::istream in(&input);
    reviewer.prompt(in);
    return ExitCode::done;
}

ExitCode list(const Arguments& arguments) {
    reader(arguments).list(
        {.status = parse_approval_status(arguments.status), .limit = arguments.limit, .cursor = arguments.cursor});
    return ExitCode::done;
}

/// Prints the result for each id, and continues after a failure. Returns the first failure's code.
ExitCode for_each_id(const Arguments& arguments,
                     const std::function<void(const std::string& id, const std::string& seen)>& work) {
    if (!arguments.seen.empty() && arguments.seen.size() != arguments.ids.size()) {
        throw Error(ErrorCode::invalid_option, "--seen is to be given once for each id, in their order, or not at all");
    }
    ExitCode result = ExitCode::done;
    for (std::size_t index = 0; index < arguments.ids.size(); ++index) {
        try {
            work(arguments.ids[index], arguments.seen.empty() ? std::string() : arguments.seen[index]);
        } catch (const DecisionError& error) {
            std::cout.flush();
            const std::string which = arguments.ids.size() > 1 ? arguments.ids[index] + ": " : "";
            complain(review_program, which + error.what(), to_string(error.code()), arguments.json);
            if (result == ExitCode::done) result = exit_code(error.code());
        }
    }
    return result;
}

ExitCode show(const Arguments& arguments) {
    TerminalReviewer screen = reader(arguments);
    return for_each_id(arguments, [&](const std::string& id, const std::string&) { screen.show(id); });
}

using Decide = void (TerminalReviewer::*)(std::string_view id, const ReviewerAnswer& answer);

ExitCode decide(const Arguments& arguments, Decide decide) {
    const Json edits = settings_of("--set", arguments.settings);
    const auto grant = arguments.grants.terms();
    if ((!edits.is_null() || grant) && arguments.ids.size() > 1) {
        const std::string option = grant ? "--grant-uses" : "--set";
        throw Error(ErrorCode::invalid_option, option + " is for one request; approve the others by themselves");
    }
    TerminalReviewer screen = decider(arguments);
    return for_each_id(arguments, [&](const std::string& id, const std::string& seen) {
        (screen.*decide)(id, {.notes = arguments.notes, .seen = seen, .edits = edits, .grant = grant});
    });
}

ExitCode approve(const Arguments& arguments) {
    return decide(arguments, &TerminalReviewer::approve);
}

ExitCode reject(const Arguments& arguments) {
    return decide(arguments, &TerminalReviewer::reject);
}

ExitCode answer(const Arguments& arguments) {
    const Json words = arguments.answer.read();
    TerminalReviewer screen = decider(arguments);
    return for_each_id(arguments, [&](const std::string& id, const std::string& seen) {
        screen.answer(id, words, {.notes = arguments.notes, .seen = seen});
    });
}

ExitCode watch(const Arguments& arguments) {
    std::signal(SIGPIPE, SIG_IGN);  // a closed output ends the watch like a signal
    StopOnSignal stop;
    TerminalReviewer reviewer = reader(arguments);
    const OutputWatch output(STDOUT_FILENO, stop);
    reviewer.watch(stop.token());
    std::cout.clear();
    return ExitCode::done;
}

ExitCode check_policy_file(const Arguments& arguments) {
    PolicyCheck check = check_policy(arguments.policy);
    if (check.usable() && arguments.names_database) {
        const auto record = open(arguments, Missing::refuse, Access::read);
        const auto unused = find_unused_fields(Policy::from_file(arguments.policy), *record, arguments.policy);
        check.warnings.insert(check.warnings.end(), unused.begin(), unused.end());
    }
    std::cout << (arguments.json ? terminal_json(to_json_view(check)) + "\n" : check.text());
    return check.usable() ? ExitCode::done : ExitCode::problems;
}

ExitCode replay_record(const Arguments& arguments) {
    const auto since = time_from(arguments.since, "--since");
    const PolicyReplay replay = replay_policy(arguments.policy, *open(arguments, Missing::refuse, Access::read), since);
    std::cout << (arguments.json ? terminal_json(to_json_view(replay)) + "\n" : replay.text());
    return replay.changes_nothing() ? ExitCode::done : ExitCode::problems;
}

ExitCode run_stop_command(const Arguments& arguments) {
    const StopCommands& stops = arguments.stops;
    if (arguments.stop_command == StopCommands::Command::list) {
        reader(arguments).stops(stops.all ? StopList::all : StopList::in_force);
        return ExitCode::done;
    }
    TerminalReviewer screen = decider(arguments);
    arguments.stop_command == StopCommands::Command::stop ? screen.stop(stops.order) : screen.resume(stops.id);
    return ExitCode::done;
}

ExitCode run_grant_command(const Arguments& arguments) {
    const GrantCommands& grants = arguments.grants;
    if (arguments.grant_command == GrantCommands::Command::list) {
        reader(arguments).grants(grants.all ? GrantList::all : GrantList::live);
    } else {
        decider(arguments).revoke(grants.id);
    }
    return ExitCode::done;
}

ExitCode run_policy_command(const Arguments& arguments) {
    PolicyCommands::Opening opening;
    if (arguments.names_database) opening = [&] { return open(arguments, Missing::refuse, Access::read); };
    return (arguments.policy_commands.*arguments.policy_command)(arguments.json, opening);
}

ExitCode run_database_command(const Arguments& arguments) {
    return arguments.database_commands.run(arguments.database);
}

ExitCode make_key(const Arguments& arguments) {
    arguments.keygen.run(arguments.key, arguments.json);
    return ExitCode::done;
}

ExitCode run_reviewers_command(const Arguments& arguments) {
    return (arguments.reviewers.*arguments.reviewers_command)(arguments.json);
}

/// The command line's grammar. Fills the arguments and picks the command.
class Grammar {
public:
    Grammar(CLI::App& app, Arguments& arguments, Command& command)
        : app_(app), arguments_(arguments), command_(command) {
        app_.name(std::string(review_program));
        app_.formatter(std::make_shared<HelpFormatter>());
        app_.fallthrough();
        app_.require_subcommand(0, 1);
        app_.set_version_flag("--version", std::string(review_program) + " " + std::string(version()));
        app_.add_option("--db", arguments_.database,
                        "The database that the agent uses; a prompt creates a missing file")
            ->type_name("FILE or URL")
            ->envname("APPROVEKIT_DB");
        app_.add_flag("--share", arguments_.share, "Let other programs write the database too; stays so");
        arguments_.key.add_to(app_);
        app_.add_flag("--json", arguments_.json, "For machines: one JSON document, or one a line");
        add_requests();
        add_audit();
        add_policy();
        add_people();
        arguments_.database_commands.add_to(app_, [this](DatabaseCommands::Command chosen) {
            arguments_.database_commands.chosen = chosen;
            command_ = run_database_command;
        });
        app_.footer(examples);
        add_self_description(app_);
    }

private:
    CLI::App* add(CLI::App& parent, const std::string& name, const std::string& help, Command command) {
        CLI::App* const added = parent.add_subcommand(name, help);
        added->callback([this, command] { command_ = command; });
        return added;
    }

    void add_requests() {
        CLI::App* const listed = add(app_, "list", "List requests", list);
        listed->add_option("--status", arguments_.status, "Which ones")
            ->check(CLI::IsMember({"pending", "approved", "rejected", "timeout", "cancelled", "answered", "all"}))
            ->capture_default_str();
        add_paging(*listed);
        add_id(*add(app_, "show", "Show one request with everything that is known of it", show));
        CLI::App* const approval = add(app_, "approve", "Let a call run", approve);
        add_decision(*approval);
        approval
            ->add_option("--set", arguments_.settings,
                         "Let it run with another argument, where its rule allows that: args.body='\"Hi\"'")
            ->type_name("PATH=JSON")
            ->allow_extra_args(false);
        arguments_.grants.add_options_to(*approval);
        add_decision(*add(app_, "reject", "Refuse a call", reject));
        CLI::App* const answered =
            add(app_, "answer", "Give the agent an answer instead of letting a call run", answer);
        add_decision(*answered, 1);
        arguments_.answer.add_to(*answered);
        add(app_, "watch", "Print each request as it appears and as it ends", watch);
        arguments_.stops.add_to(app_, [this](StopCommands::Command chosen) {
            arguments_.stop_command = chosen;
            command_ = run_stop_command;
        });
        arguments_.grants.add_to(app_, [this](GrantCommands::Command chosen) {
            arguments_.grant_command = chosen;
            command_ = run_grant_command;
        });
    }

    void add_audit() {
        CLI::App* const record = app_.add_subcommand("audit", "Show what was decided and done, newest first");
        record->require_subcommand(0, 1);
        record->callback([this, record] {
            if (record->get_subcommands().empty()) command_ = show_audit;
        });
        record->add_option("--request", arguments_.request, "Only the entries of this request")->type_name("ID");
        add_paging(*record);
        arguments_.record.add_filters_to(*record);
        arguments_.record.add_period_to(
            *add(app_, "stats", "Show how much was asked and allowed, and how long decisions took", show_statistics));
        arguments_.check.add_to(
            *add(*record, "verify", "Check that no entry was changed, removed or inserted", verify_audit));
        add(*record, "checkpoint", "Print a line to keep elsewhere; it later shows whether the record was cut",
            print_checkpoint);
        arguments_.archives.add_to(*record, [this](ArchiveCommands::Command chosen) {
            arguments_.archives.chosen = chosen;
            command_ = run_archive_command;
        });
        add(*record, "export", "Write all entries, oldest first", export_audit)
            ->add_option("--format", arguments_.format, "For which programs")
            ->check(CLI::IsMember({"jsonl", "csv"}))
            ->capture_default_str();
    }

    void add_policy() {
        CLI::App* const policy = app_.add_subcommand("policy", "Look at policy files");
        policy->require_subcommand(1);
        CLI::App* const checked =
            add(*policy, "check", "Say what is wrong with a policy, or what each rule would do", check_policy_file);
        checked->add_option("FILE", arguments_.policy, "A .yaml, .yml or .json file")->required();
        checked->footer(check_notes);
        CLI::App* const replay =
            add(*policy, "replay", "Say which calls on record a policy would treat differently", replay_record);
        replay->add_option("FILE", arguments_.policy, "A .yaml, .yml or .json file")->required();
        replay->add_option("--since", arguments_.since, "Only calls from then on, in UTC")->type_name("TIME");
        replay->footer(replay_examples);
        arguments_.policy_commands.add_to(*policy, [this](PolicyCommands::Command chosen) {
            arguments_.policy_command = chosen;
            command_ = run_policy_command;
        });
    }

    void add_people() {
        arguments_.keygen.add_to(*add(app_, "keygen", "Make a reviewer's key and say how a policy lists it", make_key));
        arguments_.reviewers.add_to(app_, [this](ReviewersCommands::Command chosen) {
            arguments_.reviewers_command = chosen;
            command_ = run_reviewers_command;
        });
    }

    void add_paging(CLI::App& command) {
        command.add_option("--limit", arguments_.limit, "How many at most")
            ->check(CLI::Range(1, 1000))
            ->capture_default_str();
        command.add_option("--cursor", arguments_.cursor, "Where the page before ended")->type_name("TEXT");
    }

    void add_id(CLI::App& command, int most = CLI::detail::expected_max_vector_size) {
        const std::string id = "The request's id, or its start as far as it fits only one";
        command.add_option("ID", arguments_.ids, most == 1 ? id : id + "; or several")->required()->expected(1, most);
    }

    void add_decision(CLI::App& command, int most = CLI::detail::expected_max_vector_size) {
        add_id(command, most);
        command.add_option("--notes", arguments_.notes, "What the agent and the record are told")->type_name("TEXT");
        command
            .add_option("--seen", arguments_.seen,
                        "Decide only if the request still has this view digest; once for each id")
            ->type_name("DIGEST")
            ->allow_extra_args(false);
    }

    CLI::App& app_;
    Arguments& arguments_;
    Command& command_;
};

ExitCode report(const std::string& message, std::string_view code, bool json, ExitCode result) {
    complain(review_program, message, code, json);
    return result;
}

ExitCode run(Command command, const Arguments& arguments) {
    try {
        const ExitCode result = command(arguments);
        if (std::cout.flush()) return result;
        return report("the output could not be written", "output", arguments.json, ExitCode::storage);
    } catch (const Error& error) {
        return report(error.what(), to_string(error.code()), arguments.json, exit_code(error.code()));
    } catch (const std::exception& error) {
        return report(error.what(), "system", arguments.json, ExitCode::storage);
    }
}

}  // namespace
}  // namespace approvekit::tools

int main(int count, char** words) {
    using namespace approvekit::tools;
    use_engines();
    CLI::App app{"Decide on the calls that agents want to make, and read the record of what was done."};
    Arguments arguments;
    Command command = prompt;
    try {
        const Grammar grammar(app, arguments, command);
        app.parse(count, words);
        arguments.names_database = names_database(count, words);
    } catch (const CLI::Success& answer) {
        return app.exit(answer);
    } catch (const CLI::ParseError& error) {
        return static_cast<int>(report(std::string(error.what()) + "; --help tells how", "usage",
                                       wants_json(count, words), ExitCode::usage));
    }
    return static_cast<int>(run(command, arguments));
}
