#pragma once

#include "agent_under_test.hpp"
#include "record_check.hpp"

#include "support/catch.hpp"
#include "support/temporary_directory.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace approvekit::testing {

/// Whether `step` succeeds. Any error that is not ours fails the test.
inline bool succeeds(const std::function<void()>& step) {
    try {
        step();
        return true;
    } catch (const Error&) {
        return false;
    }
}

/// An agent and a reviewer on one file.
struct Parties {
    Parties(const Site& where, std::chrono::milliseconds patience) : site(where) { options.busy_timeout = patience; }

    void open() {
        storage = site.open(options);
        kit.emplace(policy_under_test(), storage);
        reviewer.emplace(site.open(options), "ana", "terminal");
    }

    void act(const Json& arguments) const { site.effects.add(arguments.at("call").get<std::string>()); }

    void look(const std::string& call) {
        const auto tool = kit->guard("look", [&](const Json& arguments) { act(arguments); });
        if (!succeeds([&] { tool(arguments_of(call)); })) return;
        storage->flush();
    }

    /// A call that is held, approved, claimed, run and recorded. If a person's click fails, the person clicks once
    /// more.
    void send(const std::string& call) {
        const auto tool = kit->guard("send", [&](const Json& arguments) { act(arguments); });
        auto ticket = tool.submit(arguments_of(call));
        const auto approve = [&] { reviewer->approve(ticket.request_id()); };
        if (!succeeds(approve) && !succeeds(approve)) return;
        ticket.get();
        storage->flush();
    }

    const Site& site;
    Opening options;
    std::shared_ptr<Storage> storage;
    std::optional<ApproveKit> kit;
    std::optional<Reviewer> reviewer;
};

struct Scenario {
    const char* name;
    std::function<void(Parties&)> prepare;
    std::function<void(Parties&)> play;
};

inline const Scenario held{"a held call, decided, claimed, run and finished", [](Parties& parties) { parties.open(); },
                           [](Parties& parties) { parties.send("first"); }};
inline const Scenario allowed{"a call that the policy allows", [](Parties& parties) { parties.open(); },
                              [](Parties& parties) { parties.look("first"); }};
inline const Scenario opening{"the file is made and opened", [](Parties&) {},
                              [](Parties& parties) {
                                  parties.open();
                                  parties.look("first");
                              }};

/// What goes wrong, and how to cause it.
struct Trouble {
    std::string text;
    bool lasting = false;                      ///< through the scenario, and again while the storages are closed
    std::chrono::milliseconds patience{5000};  ///< how long a storage waits; short for a lock that is never given
    bool passes = true;                        ///< afterwards the same storages must work again
    std::function<void()> begin;               ///< starts it, at its place in the scenario
    std::function<void()> stay;                ///< makes it permanent from now on
    std::function<bool()> end;                 ///< ends it; returns whether it occurred
};

/// Plays a scenario with the trouble, and examines the record afterwards. Returns false if the trouble never occurred.
inline bool survives(const Scenario& scenario, const Trouble& trouble) {
    INFO(scenario.name << ", " << trouble.text);
    const TemporaryDirectory directory;
    const Site site(directory.path());
    bool occurred = false;
    {
        Parties parties(site, trouble.patience);
        scenario.prepare(parties);
        trouble.begin();
        succeeds([&] { scenario.play(parties); });
        occurred = trouble.end();
        if (parties.reviewer && trouble.passes) {
            parties.send("second");
            parties.look("third");
        }
        if (trouble.lasting) trouble.stay();
    }
    trouble.end();
    const RecordReport report = check_record(site, Agents::all_gone);
    CHECK(report.text() == "");
    if (trouble.passes && &scenario != &opening) CHECK(site.effects.read().size() >= 2);
    return occurred;
}

}  // namespace approvekit::testing
