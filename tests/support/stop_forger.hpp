#pragma once

#include "approvekit/approvekit.hpp"
#include "support/forger.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace approvekit::testing {

/// A record with a stop in force, an agent that has met it, and a forger who wants calls to start. A checkpoint of the
/// record before the forgery was kept elsewhere.
class StopForgeryFixture {
public:
    explicit StopForgeryFixture(const std::filesystem::path& database)
        : storage(std::make_shared<SqliteStorage>(database, shared_with_others())),
          forger(database),
          stop(put_stop()),
          checkpoint(Checkpoint::of(storage->verify_audit(), SystemClock().now())),
          path_(database) {}

    /// Whether a call starts, of the agent that has met the stop, or of one that comes only now.
    [[nodiscard]] bool starts_for_old_agent() const { return starts(*storage); }
    [[nodiscard]] bool starts_for_new_agent() const { return starts(SqliteStorage(path_, shared_with_others())); }

    /// What verifying says; empty if everything is as it was.
    [[nodiscard]] std::string fault() const {
        const AuditReport report = storage->verify_audit();
        return report.intact() ? "" : report.fault->what;
    }
    /// What verifying says when the record is compared with the checkpoint.
    [[nodiscard]] std::string objection() const {
        return checkpoint.objection(storage->verify_audit({}, checkpoint.sequence)).value_or("");
    }

    std::shared_ptr<SqliteStorage> storage;
    Forger forger;
    Stop stop;
    Checkpoint checkpoint;

private:
    Stop put_stop() {
        static_cast<void>(starts(*storage));
        Stop put =
            SqliteStorage(storage->path(), shared_with_others()).stop({.reason = "wrong recipients"}, "ada", "web");
        static_cast<void>(starts(*storage));
        return put;
    }

    static bool starts(Storage& storage) {
        try {
            const std::string entry_id = storage.record_intent({"transfer", "{}", "{}", "", "agent"});
            storage.finish({entry_id, std::string(auto_request_id), "transfer", RunState::executed, ""});
            return true;
        } catch (const StoppedError&) {
            return false;
        }
    }
    static bool starts(SqliteStorage&& storage) { return starts(static_cast<Storage&>(storage)); }

    std::filesystem::path path_;
};

/// One way to start calls under a stop. It never deceives an agent that has met the stop.
struct StopAttack {
    std::string name;
    std::string told_as;  ///< what verifying says; empty if only a checkpoint that was kept elsewhere finds it
    bool takes_in_new_agents = true;
    void (*run)(const StopForgeryFixture& fixture);
};

inline std::vector<StopAttack> stop_attacks() {
    return {
        {"stop deleted", "the stop that it records is gone", true,
         [](const StopForgeryFixture& fixture) { fixture.forger.run("DELETE FROM approvekit_stops"); }},
        {"stop lifted in the name of ada", "it is said to be lifted, and no entry records that", true,
         [](const StopForgeryFixture& fixture) {
             fixture.forger.run("UPDATE approvekit_stops SET ended_at = since, ended_by = 'ada', ended_way = 'web'");
         }},
        {"stop narrowed to a tool that nobody has", "what it stops is something else", true,
         [](const StopForgeryFixture& fixture) { fixture.forger.run("UPDATE approvekit_stops SET tool = 'nothing'"); }},
        {"stop written back to an earlier time", "its time is another one", false,
         [](const StopForgeryFixture& fixture) {
             fixture.forger.run("UPDATE approvekit_stops SET since = '2001-01-01T00:00:00.000000'");
         }},
        {"stop deleted and its entries cut off", "", true,
         [](const StopForgeryFixture& fixture) {
             fixture.forger.run("DELETE FROM approvekit_stops");
             fixture.forger.run(
                 "DELETE FROM approvekit_audit WHERE seq >= (SELECT seq FROM approvekit_audit WHERE "
                 "event = 'stopped')");
         }},
    };
}

}  // namespace approvekit::testing
