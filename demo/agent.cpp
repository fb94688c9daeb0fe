// An agent with five tools, each behind kit.guard(): read it as the tutorial.

#include "approvekit/approvekit.hpp"
#include "approvekit/open_storage.hpp"
#include "engines.hpp"
#include "report.hpp"
#include "stop_on_signal.hpp"
#include "workspace.hpp"

#include <CLI/CLI.hpp>

#include <array>
#include <chrono>
#include <exception>
#include <filesystem>
#include <iostream>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace approvekit::demo {
namespace {

namespace fs = std::filesystem;

constexpr const char* examples =
    "Examples:\n"
    "  approvekit-demo-agent                             then decide in a second terminal, as it says\n"
    "  approvekit-demo-agent --reset                     forget what earlier runs did, and begin again\n"
    "  approvekit-demo-agent --db agent.db --folder out  with files where you want them\n"
    "  approvekit-demo-agent --json                      for machines: one JSON object a line\n"
    "\n"
    "Exit codes: 0 done, 1 failed, 2 usage, 130 stopped by Ctrl+C.\n";

fs::path usual_folder() {
    return fs::temp_directory_path() / ("approvekit-demo-" + login_name());
}

/// The options of the command line.
struct Arguments {
    std::string database = (usual_folder() / "approvals.db").string();
    fs::path folder;
    fs::path policy = APPROVEKIT_DEMO_POLICY;
    std::string link;
    double poll_interval = 0.5;
    bool share = false;
    bool reset = false;
    bool json = false;
};

/// Five tasks in the order of their risk, each with another form of guard().
class Agent {
public:
    /// Keeps a reference to `workspace`. A held call is withdrawn when `stop` is requested.
    Agent(ApproveKit kit, Workspace& workspace, std::stop_token stop)
        : kit_(std::move(kit)), workspace_(workspace), stop_(std::move(stop)) {}

    /// A member function with named arguments. The policy lets it run at once; the audit records it all the same.
    Outcome<Json> read_record() {
        const auto read = kit_.guard("read_record", {"id"}, &Agent::name_of, *this);
        return read.attempt(1);
    }

    /// A lambda with named arguments, called like the lambda itself: it returns what the tool returns, or throws.
    Outcome<Json> send_email() {
        const auto send = kit_.guard(
            "send_email", {"to", "subject", "body"},
            [this](const std::string& to, const std::string& subject, const std::string& body) -> std::string {
                return workspace_.outbox.send(to, subject, body).string();
            });
        try {
            return Json{{"sent", send.with(stop_)("bakery@example.com", "Your refund",
                                                  "Dear baker, 12.50 are on their way to account 4711.")}};
        } catch (const RefusedError& refused) {
            return describe(refused);
        }
    }

    /// A tool that takes one JSON object: that object is what the reviewer sees, redacted at any depth.
    Outcome<Json> access_personal_data() {
        const auto verify = kit_.guard("access_personal_data", [this](const Json& query) -> Json {
            return {{"matches", workspace_.records.matches(query.at("customer"))}};
        });
        const Json record = workspace_.records.read(1);
        return verify.with(stop_).attempt({{"purpose", "confirm who asked for the refund"}, {"customer", record}});
    }

    /// A call as a language model writes it: a name, and arguments as JSON text.
    Outcome<Json> delete_records() {
        return kit_.try_call(
            "delete_records", R"({"ids": [2, 3]})",
            [this](const Json& arguments) -> Json {
                return {{"deleted", workspace_.records.remove(arguments.at("ids").get<std::vector<int>>())}};
            },
            stop_);
    }

    /// Submitted now and awaited later, with other work in between.
    Outcome<Json> write_production_setting() {
        const auto write = kit_.guard("write_production_setting", {"name", "value"},
                                      [this](const std::string& name, const Json& value) -> Json {
                                          workspace_.settings.write(name, value);
                                          return workspace_.settings.read();
                                      });
        Ticket<Json> ticket = write.submit("payment_limit", 1'000'000);
        return ticket.attempt(stop_);
    }

private:
    Json name_of(int id) { return {{"name", workspace_.records.read(id).at("name")}}; }

    ApproveKit kit_;
    Workspace& workspace_;
    std::stop_token stop_;
};

/// A step of the agent, and what the person who watches is told about it.
struct Step {
    const char* tool;
    const char* text;
    Outcome<Json> (Agent::*take)();
};

constexpr std::array steps{
    Step{"read_record", "Reads a customer's name. The policy lets it run at once.", &Agent::read_record},
    Step{"send_email", "Waits for a reviewer, who does not see the body. Approve it.", &Agent::send_email},
    Step{"access_personal_data", "Waits for a reviewer, who sees neither email nor ssn. Approve it.",
         &Agent::access_personal_data},
    Step{"delete_records", "Waits for a reviewer. Reject it, and say why.", &Agent::delete_records},
    Step{"write_production_setting", "Waits for a reviewer. Leave it alone: it is blocked by itself.",
         &Agent::write_production_setting},
};

void take_steps(Agent agent, Report& report, const std::stop_token& stop) {
    int number = 0;
    for (const Step& step : steps) {
        if (stop.stop_requested()) return;
        report.step({++number, step.tool, step.text});
        report.result((agent.*step.take)());
    }
}

/// The files that SQLite leaves beside a database, and our bell file.
void remove_database(const fs::path& database) {
    for (const char* suffix : {"", "-journal", "-wal", "-shm", "-bell"}) {
        fs::path file = database;
        fs::remove(file += suffix);
    }
}

/// Creates a folder that only its owner can read, if it does not exist.
void make_private_folder(const fs::path& folder) {
    if (fs::create_directories(folder)) fs::permissions(folder, fs::perms::owner_all);
}

void prepare(const Arguments& arguments) {
    const bool has_file = !is_server(arguments.database);
    if (has_file) make_private_folder(fs::path(arguments.database).parent_path());
    make_private_folder(arguments.folder);
    if (!arguments.reset) return;
    if (has_file) remove_database(arguments.database);
    Workspace::clear(arguments.folder);
}

std::shared_ptr<Storage> open(const Arguments& arguments) {
    OpenOptions options;
    options.poll_interval =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::duration<double>(arguments.poll_interval));
    if (arguments.share) options.sharing = Sharing::open;
    return open_storage(arguments.database, options).storage;
}

/// Returns whether it reached the end.
bool run(const Arguments& arguments) {
    const tools::StopOnSignal stop;
    const Policy policy = Policy::from_file(arguments.policy);
    prepare(arguments);
    const auto storage = open(arguments);
    ApproveKit::Options options;
    options.agent = "demo agent";
    const ApproveKit kit(policy, storage, options);
    Workspace workspace(arguments.folder);

    Report report(std::cout, arguments.json ? Report::Form::json : Report::Form::text);
    report.begin({arguments.database, arguments.folder.string(), arguments.link});
    take_steps(Agent(kit, workspace, stop.token()), report, stop.token());
    storage->flush();
    report.audit(storage->audit({.request_id = "", .limit = 50, .cursor = "", .oldest_first = true}).entries);
    return !stop.token().stop_requested();
}

void describe(CLI::App& app, Arguments& arguments) {
    app.footer(examples);
    app.set_version_flag("--version", "approvekit-demo-agent " + std::string(version()));
    app.add_option("--db", arguments.database, "Where the approvals are kept")
        ->type_name("FILE or URL")
        ->capture_default_str();
    app.add_option("--folder", arguments.folder, "Where the tools act; beside the file otherwise")
        ->type_name("DIRECTORY");
    app.add_option("--policy", arguments.policy, "The rules")->type_name("FILE")->capture_default_str();
    app.add_option("--poll-interval", arguments.poll_interval, "How often to look where the system notifies nothing")
        ->type_name("SECONDS")
        ->check(CLI::Range(0.01, 60.0))
        ->capture_default_str();
    app.add_option("--link", arguments.link, "The page of a reviewer that runs already")->type_name("URL");
    app.add_flag("--share", arguments.share, "Let other programs write the database too; stays so");
    app.add_flag("--reset", arguments.reset, "Forget earlier runs; stop their reviewers first");
    app.add_flag("--json", arguments.json, "For machines: one JSON object a line");
}

int run(int count, char** words) {
    tools::use_engines();
    CLI::App app("Does five things, of which a person must allow four.", "approvekit-demo-agent");
    Arguments arguments;
    describe(app, arguments);
    try {
        app.parse(count, words);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    const bool has_file = !is_server(arguments.database);
    if (has_file) arguments.database = fs::absolute(arguments.database).string();
    if (arguments.folder.empty()) {
        arguments.folder = has_file ? fs::path(arguments.database).parent_path() : usual_folder();
    }
    arguments.folder = fs::absolute(arguments.folder);
    return run(arguments) ? 0 : 130;
}

}  // namespace
}  // namespace approvekit::demo

int main(int count, char** words) {
    try {
        return approvekit::demo::run(count, words);
    } catch (const std::exception& error) {
        std::cerr << "approvekit-demo-agent: " << error.what() << '\n';
        return 1;
    }
}
