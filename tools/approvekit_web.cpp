#include "approvekit/error.hpp"
#include "approvekit/json.hpp"
#include "approvekit/open_storage.hpp"
#include "approvekit/reviewers_file.hpp"
#include "approvekit/terminal_text.hpp"
#include "approvekit/version.hpp"
#include "approvekit/web_reviewer.hpp"
#include "command_text.hpp"
#include "engines.hpp"
#include "enter_key.hpp"
#include "exit_code.hpp"
#include "help_formatter.hpp"
#include "key_options.hpp"
#include "several_reviewers.hpp"
#include "stop_on_signal.hpp"

#include <CLI/CLI.hpp>

#include <cstdint>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::tools {
namespace {

constexpr std::string_view program = "approvekit-web";

constexpr const char* examples =
    "Examples:\n"
    "  approvekit-web --db agent.db          open the link that it prints, and decide\n"
    "  approvekit-web --db agent.db --port 0 --json\n"
    "                                        on a free port, which a line of JSON\n"
    "                                        names\n"
    "  APPROVEKIT_TOKEN=... approvekit-web --db agent.db\n"
    "                                        with a token of your own, 16 characters\n"
    "                                        or more\n"
    "  approvekit-web --db agent.db --host 0.0.0.0 --allow-remote review.lan\n"
    "                                        for others, who call it review.lan\n"
    "  approvekit-web --db agent.db --base-path /approvals \\\n"
    "      --public-origin https://review.example.org\n"
    "                                        behind a proxy that encrypts\n"
    "  approvekit-web --db agent.db --key ann.key\n"
    "                                        sign each decision with the key of ann\n"
    "  approvekit-web --db agent.db --reviewers team.yaml\n"
    "                                        for several, each under the own name, by\n"
    "                                        the links of approvekit-review invite\n"
    "\n"
    "Exit codes: 0 stopped, 2 usage, 6 storage, 8 the address cannot be used.\n";

/// The options of the command line.
struct Arguments {
    std::string database;
    KeyOptions key;
    SeveralReviewers several;
    bool share = false;
    WebReviewer::Options options;
    bool json = false;
};

void describe(CLI::App& app, Arguments& arguments) {
    WebReviewer::Options& options = arguments.options;
    app.formatter(std::make_shared<HelpFormatter>());
    app.footer(examples);
    app.set_version_flag("--version", std::string(program) + " " + std::string(version()));
    app.add_option("--db", arguments.database, "The database that the agent uses; a missing file is created")
        ->type_name("FILE or URL")
        ->envname("APPROVEKIT_DB")
        ->required();
    app.add_flag("--share", arguments.share, "Let other programs write the database too; stays so");
    app.add_option("--host", options.host, "The address to listen on")->type_name("ADDRESS")->capture_default_str();
    app.add_option("--port", options.port, "The port to listen on; 0 takes a free one")
        ->check(CLI::Range(0, 65535).description(""))
        ->type_name("PORT")
        ->capture_default_str();
    arguments.key.add_to(app);
    arguments.several.add_to(app);
    app.add_option_function<std::string>(
           "--allow-remote", [&options](const std::string& host) { options.remote_hosts.push_back(host); },
           "Serve other machines too, which call this one HOST; may be given several times")
        ->trigger_on_parse()
        ->type_name("HOST");
    app.add_option("--base-path", options.base_path, "Serve everything under PATH, for a proxy: /approvals")
        ->type_name("PATH");
    app.add_option("--public-origin", options.public_origin,
                   "How browsers reach it through a proxy: https://review.example.org")
        ->type_name("ORIGIN");
    app.add_flag("--json", arguments.json, "For machines: one line of JSON instead of text, errors too");
    add_self_description(app);
}

std::string token_from_environment() {
    const char* const token = std::getenv("APPROVEKIT_TOKEN");
    return token == nullptr ? "" : token;
}

/// What is printed once the server is ready.
struct Announcement {
    WebReviewer& web;
    const Reviewer& reviewer;
    const Arguments& arguments;
    bool created;

    void print() const {
        if (created) std::cout << "Created " << terminal_text(arguments.database) << ".\n";
        arguments.several.are_wanted() ? print_ways_in() : print_link();
        if (!arguments.options.remote_hosts.empty()) {
            std::cout << "Others reach it unencrypted: put an SSH tunnel or a TLS proxy in front.\n";
        }
        std::cout << (hands_out_links() ? "Press Enter for another link, Ctrl+C to stop." : "Press Ctrl+C to stop.")
                  << std::endl;
    }

    /// With several reviewers, the person at this terminal is not one of them.
    [[nodiscard]] bool hands_out_links() const { return !arguments.several.are_wanted() && has_enter_key(); }

    void print_another_link() const {
        std::cout << "A link for another browser:\n\n  " << web.link() << '\n' << std::endl;
    }

    void print_for_machines() const {
        const Signer* const signer = reviewer.signer();
        const bool is_one = !arguments.several.are_wanted();
        const Json line = {{"address", web.address()},
                           {"link", is_one ? Json(web.link()) : Json()},
                           {"token", is_one ? Json(web.token()) : Json()},
                           {"reviewer", is_one ? Json(reviewer.name()) : Json()},
                           {"key_id", signer == nullptr ? Json() : Json(key_id(signer->public_key()))},
                           {"database", arguments.database},
                           {"created", created}};
        std::cout << line.dump(-1, ' ', false, Json::error_handler_t::replace) << std::endl;
    }

private:
    void print_link() const {
        std::cout << "Open this link, good for one browser, to decide as " << terminal_text(reviewer.name())
                  << (reviewer.signer() == nullptr ? "" : ", signing each decision") << ":\n\n  " << web.link()
                  << "\n\n";
    }

    void print_ways_in() const {
        const SeveralReviewers& several = arguments.several;
        std::cout << "Reviewers decide under their own names at " << web.address() << ".\n";
        if (!several.user_header.empty()) {
            std::cout << "Its proxy signs them in and names them in " << terminal_text(several.user_header) << ".\n";
            return;
        }
        const std::string at = arguments.options.public_origin.empty()
                                   ? web.address()
                                   : arguments.options.public_origin + arguments.options.base_path;
        std::cout << "Each signs in by a link, which this prints once:\n\n  approvekit-review invite NAME --reviewers "
                  << terminal_text(several.file) << " --address " << at << "\n\n";
    }
};

Decider decider_of(const Arguments& arguments) {
    // Nobody decides in this name.
    if (arguments.several.are_wanted()) return {std::string(program), nullptr};
    return arguments.key.decider();
}

void serve(Arguments& arguments) {
    const StopOnSignal stop;
    arguments.several.apply(arguments.options, arguments.key);
    arguments.options.check();
    if (!arguments.several.file.empty()) static_cast<void>(ReviewersFile(arguments.several.file).read());
    const Decider decider = decider_of(arguments);
    arguments.options.check_address();  // before a missing database is created in vain
    OpenOptions options;
    if (arguments.share) options.sharing = Sharing::open;
    options.on_notice = [](const std::string& notice) {
        std::cerr << program << ": " << terminal_text(notice) << ".\n";
    };
    const auto [storage, created] = open_storage(arguments.database, options);
    const Reviewer reviewer = decider.on(storage, "web");
    WebReviewer web(reviewer, arguments.options);
    web.start();
    const Announcement announcement{web, reviewer, arguments, created};
    if (const std::string note = web.capacity_note(); !note.empty()) std::cerr << program << ": " << note << ".\n";
    arguments.json ? announcement.print_for_machines() : announcement.print();
    const bool answers = !arguments.json && announcement.hands_out_links();
    const auto print_another = [&] { announcement.print_another_link(); };
    answer_enter_key(stop.file(), answers ? std::function<void()>(print_another) : std::function<void()>());
}

ExitCode run(int count, char** words) {
    CLI::App app("Shows the calls that wait for a person in the browser, and takes the decisions.",
                 std::string(program));
    Arguments arguments;
    describe(app, arguments);
    try {
        app.parse(count, words);
    } catch (const CLI::Success& answer) {
        app.exit(answer);
        return ExitCode::done;
    } catch (const CLI::ParseError& error) {
        complain(program, std::string(error.what()) + "; --help tells how", "usage", wants_json(count, words));
        return ExitCode::usage;
    }
    arguments.options.token = token_from_environment();
    serve(arguments);
    return ExitCode::done;
}

}  // namespace
}  // namespace approvekit::tools

int main(int count, char** words) {
    using namespace approvekit;
    tools::use_engines();
    const bool json = tools::wants_json(count, words);
    tools::ExitCode code = tools::ExitCode::storage;
    try {
        code = tools::run(count, words);
    } catch (const Error& error) {
        tools::complain(tools::program, error.what(), to_string(error.code()), json);
        code = tools::exit_code(error.code());
    } catch (const std::exception& error) {
        tools::complain(tools::program, error.what(), "system", json);
    }
    return static_cast<int>(code);
}
