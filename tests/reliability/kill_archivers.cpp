#include "kill_archivers.hpp"

#include "kill_campaign.hpp"

#include "approvekit/audit_archive.hpp"
#include "approvekit/error.hpp"
#include "support/forked_child.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <memory>
#include <set>
#include <string>

namespace approvekit::testing {
namespace {

namespace fs = std::filesystem;

constexpr int calls_that_are_over = 4;
/// Two for each call, and one for the hold.
constexpr std::size_t entries_before = 2 * calls_that_are_over + 1;

ArchiveOrder order_at(const Site& site, const std::string& name) {
    ArchiveOrder order;
    order.before = SystemClock().now();
    order.file = site.directory / name;
    order.reviewer = "ana";
    return order;
}

/// Writes finished calls, and one that is held.
void fill(const Site& site) {
    const auto storage = site.open();
    std::string entry;
    for (int call = 0; call < calls_that_are_over; ++call) {
        entry = storage->record_intent({"read_file", "{}", "{}", "auto-approved by policy", "test"});
        storage->finish({entry, std::string(auto_request_id), "read_file", RunState::executed, ""});
    }
    storage->flush();
    storage->hold(entry, "a test", "ana", "terminal");
}

void play_archiver(const Site& site, PhaseBoard& phase, const std::string& name) {
    phase = Phase::opening;
    auto storage = site.open();
    phase = Phase::archiving;
    static_cast<void>(storage->archive(order_at(site, name)));
    phase = Phase::closing;
    storage.reset();
    phase = Phase::ended;
}

/// Acts as a person who sees that it did not finish.
void archive_again(const Site& site, PhaseBoard& phase) {
    try {
        play_archiver(site, phase, "killed");
    } catch (const Error& error) {
        if (error.code() != ErrorCode::invalid_option) throw;
        play_archiver(site, phase, "next");  // the file already exists and is complete
    }
}

/// The state of a record and its files, as the number that a child reports.
enum ArchiveStanding { whole_record, archived_in_part, archived_whole, broken };

/// Whether every entry is either in the record or in exactly one of the files that it names.
bool is_everything_there(const Site& site, Storage& storage) {
    std::multiset<std::int64_t> in_files;
    for (const ArchiveAnchor& anchor : storage.archives()) {
        std::ifstream file(anchor.file, std::ios::binary);
        const ArchiveReport report =
            verify_archive(file, [&](const ArchivedEntry& entry) { in_files.insert(entry.place); });
        if (!file.is_open() || !report.audit.intact()) return false;
    }
    std::set<std::int64_t> all(in_files.begin(), in_files.end());
    if (all.size() != in_files.size()) return false;
    for (const AuditEntry& entry : storage.audit({.request_id = {}, .limit = 200, .cursor = {}}).entries)
        all.insert(entry.sequence);
    const bool has_names = !fs::exists(site.directory / "killed-unfinished");
    return has_names && all.size() == entries_before + storage.archives().size();
}

ArchiveStanding standing_of(const Site& site) {
    const auto storage = site.open();
    if (!storage->verify_audit().intact()) return broken;
    if (storage->archives().empty()) return whole_record;
    const bool is_done = storage->audit_start().place == storage->archives().back().place;
    return is_done ? archived_whole : archived_in_part;
}

const char* to_text_of(int standing) {
    switch (standing) {
        case whole_record:
            return "nothing";
        case archived_in_part:
            return "an archive, whose entries are not all removed";
        case archived_whole:
            return "an archive";
        default:
            return "something that does not fit";
    }
}

class ArchiverCampaign : public KillCampaign {
public:
    using KillCampaign::KillCampaign;

    /// Returns false if it finished before its n-th system call.
    bool kill_archiver(int nth) {
        const FreshSite fresh(directory());
        run_in_child([&] { fill(fresh.site); });
        const auto killed_at =
            kill(fresh.site, Agents::all_gone, nth, [&] { play_archiver(fresh.site, phase(), "killed"); });
        const Phase died_at = phase();
        const int standing = number_of_child([&] { return static_cast<int>(standing_of(fresh.site)); });
        if (standing == broken) complain("the record does not fit");
        PhaseBoard others{Phase::starting};
        run_in_child([&] { archive_again(fresh.site, others); });
        const int in_the_end = number_of_child([&] {
            const auto storage = fresh.site.open();
            return is_everything_there(fresh.site, *storage) && storage->verify_audit().intact() ? 1 : 0;
        });
        if (in_the_end != 1) complain("in the end something is missing, twice, or does not fit");
        if (killed_at) {
            tally().add(died_at, *killed_at);
            tally().add(died_at, "-", to_text_of(standing), standing == archived_whole);
        } else if (standing != archived_whole) {
            complain("nobody was killed, and yet the record says " + std::string(to_text_of(standing)));
        }
        return killed_at.has_value();
    }

private:
    /// Keeps this process, from which others are forked, free of open records.
    void run_in_child(const std::function<void()>& work) {
        ForkedChild child([&](const ForkedChild::Report& report) {
            report();
            work();
        });
        if (child.wait() != 0) complain("whoever came before or after failed");
    }

    [[nodiscard]] int number_of_child(const std::function<int()>& work) const {
        ForkedChild child([&](const ForkedChild::Report& report) { report(work()); });
        const int number = child.reported();
        child.wait();
        return number;
    }
};

}  // namespace

bool kill_archivers(const fs::path& directory, int first, int step) {
    ArchiverCampaign campaign(directory);
    for (int nth = first; campaign.kill_archiver(nth); nth += step) {
    }
    std::cout << "Whoever moves a part of the record into a file, after whose death it is done again:\n";
    campaign.print();
    return campaign.is_clean();
}

}  // namespace approvekit::testing
