// Three agents of an office that make sixty requests at once, to try the review page with. No tool does anything.

#include "approvekit/approvekit.hpp"
#include "approvekit/open_storage.hpp"
#include "approvekit/terminal_text.hpp"
#include "busy_past.hpp"
#include "busy_work.hpp"
#include "engines.hpp"
#include "stop_on_signal.hpp"

#include <CLI/CLI.hpp>

#include <chrono>
#include <exception>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace approvekit::demo {
namespace {

using namespace std::chrono_literals;

constexpr auto pause_between_errands = 50ms;

struct Arguments {
    std::string database;
    std::filesystem::path policy = APPROVEKIT_BUSY_POLICY;
    std::string link;
    bool wants_past = false;
};

/// The three agents. Each errand waits on its own thread until it is decided.
class BusyOffice {
public:
    BusyOffice(const Policy& policy, const std::shared_ptr<Storage>& storage) : policy_(policy), storage_(storage) {}

    void ask(const Errand& errand, const std::stop_token& stop) {
        auto [found, is_new] = kits_.try_emplace(errand.agent);
        if (is_new) {
            ApproveKit::Options options;
            options.agent = errand.agent;
            found->second = std::make_unique<ApproveKit>(policy_, storage_, options);
        }
        // Nobody is asked about this.
        static_cast<void>(
            found->second->try_call("read_order", R"({"order": 20310})", [](const Json&) -> Json { return "found"; }));
        waiting_.emplace_back([this, kit = found->second.get(), errand, stop] { wait_for(*kit, errand, stop); });
    }

    void wait() { waiting_.clear(); }

private:
    void wait_for(const ApproveKit& kit, const Errand& errand, const std::stop_token& stop) {
        try {
            const auto tool = [](const Json&) -> Json { return "done"; };
            const ApproveKit with_reason = kit.with({.why = errand.why});
            const auto outcome = with_reason.try_call(errand.tool, errand.arguments.dump(), tool, stop);
            tell(errand, outcome ? "done" : outcome.refusal().message);
        } catch (const std::exception& error) {
            tell(errand, error.what());
        }
    }

    void tell(const Errand& errand, const std::string& result) {
        const std::scoped_lock lock(output_);
        std::cout << ++count_ << ". " << errand.agent << ", " << errand.tool << ": " << terminal_text(result)
                  << std::endl;
    }

    Policy policy_;
    std::shared_ptr<Storage> storage_;
    std::map<std::string, std::unique_ptr<ApproveKit>> kits_;
    std::mutex output_;
    int count_ = 0;
    std::vector<std::jthread> waiting_;
};

int run(const Arguments& arguments) {
    const tools::StopOnSignal stop;
    const Policy policy = Policy::from_file(arguments.policy);
    if (arguments.wants_past) {
        if (is_server(arguments.database)) {
            throw Error(ErrorCode::invalid_option,
                        "--past needs a file, since a server's record has the server's clock");
        }
        write_past_week(arguments.database, policy);
        return 0;
    }
    BusyOffice office(policy, open_storage(arguments.database).storage);
    std::cout << "Three agents ask for sixty things. Decide them on this page; ? there tells the keys:\n\n  "
              << arguments.link << "\n"
              << std::endl;
    for (const Errand& errand : sixty_errands()) {
        if (stop.token().stop_requested()) break;
        office.ask(errand, stop.token());
        std::this_thread::sleep_for(pause_between_errands);
    }
    office.wait();
    return stop.token().stop_requested() ? 130 : 0;
}

int run(int count, char** words) {
    tools::use_engines();
    CLI::App app("Three agents that ask for sixty things of six kinds.", "approvekit-demo-busy");
    Arguments arguments;
    app.add_option("--db", arguments.database, "Where the approvals are kept")->type_name("FILE or URL")->required();
    app.add_option("--policy", arguments.policy, "The rules")->type_name("FILE")->capture_default_str();
    app.add_option("--link", arguments.link, "The page of a reviewer that runs already")->type_name("URL");
    app.add_flag("--past", arguments.wants_past, "Only write a made-up week before today into a record that is new");
    try {
        app.parse(count, words);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    return run(arguments);
}

}  // namespace
}  // namespace approvekit::demo

int main(int count, char** words) {
    try {
        return approvekit::demo::run(count, words);
    } catch (const std::exception& error) {
        std::cerr << "approvekit-demo-busy: " << error.what() << '\n';
        return 1;
    }
}
