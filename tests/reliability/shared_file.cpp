#include "shared_file.hpp"

#include "record_check.hpp"
#include "slow_disk.hpp"
#include "victim.hpp"

#include "base/file_descriptor.hpp"
#include "sqlite/connection.hpp"

#include <sqlite3.h>

#include <array>
#include <functional>
#include <iostream>
#include <list>
#include <map>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>

#include <fcntl.h>
#include <unistd.h>

namespace approvekit::testing {
namespace {

namespace fs = std::filesystem;
using SteadyClock = std::chrono::steady_clock;

/// On a busy machine, waiting for a lock takes long, which is not a fault.
Opening patient() {
    Opening options;
    options.busy_timeout = std::chrono::minutes{1};
    return options;
}

/// An agent that makes calls that the policy allows, until it is killed. Their names begin with `name`, and `then` gets
/// their number so far.
[[noreturn]] void call_for_ever(const std::shared_ptr<Storage>& storage, const Site& site, const std::string& name,
                                Progress& progress, const std::function<void(int)>& then) {
    const ApproveKit kit(policy_under_test(), storage);
    const auto guarded =
        kit.guard("look", [&](const Json& arguments) { site.effects.add(arguments.at("call").get<std::string>()); });
    for (int number = 0;; ++number, ++progress.finished) {
        guarded(arguments_of(name + "-" + std::to_string(number)));
        then(number);
    }
}

/// A reviewer who checks everything again and again, until it is killed. Throws the faults that it finds.
[[noreturn]] void verify_for_ever(const Site& site, Progress& progress) {
    const auto storage = site.open(patient());
    for (;; ++progress.finished) {
        const AuditReport report = storage->verify_audit([&](std::int64_t) { ++progress.moves; });
        if (!report.intact()) throw std::runtime_error("the chain is broken: " + report.fault->what);
    }
}

/// Does what every tool does that looks into files.
void open_and_close(const fs::path& path) {
    const base::FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    std::array<char, 4096> bytes{};
    while (file && ::read(file.get(), bytes.data(), bytes.size()) > 0) {
    }
}

void read_files_for_ever(const fs::path& database) {
    for (;;) {
        for (const char* ending : {"", "-journal", "-wal", "-shm", "-bell"})
            open_and_close(database.string() + ending);
        std::this_thread::sleep_for(std::chrono::microseconds{500});
    }
}

[[noreturn]] void call_and_read_for_ever(const Site& site, const std::string& name, Progress& progress) {
    const std::jthread tool([&] { read_files_for_ever(site.database); });
    call_for_ever(site.open(patient()), site, name, progress, [](int) {});
}

/// Moves the log into the database after each call, using each of SQLite's ways in turn, while others write.
[[noreturn]] void call_and_checkpoint_for_ever(const Site& site, const std::string& name, Progress& progress) {
    const auto storage = site.open(patient());
    sqlite::Connection connection(site.database, {});
    call_for_ever(storage, site, name, progress, [&](int number) {
        const int mode = std::array{SQLITE_CHECKPOINT_PASSIVE, SQLITE_CHECKPOINT_FULL, SQLITE_CHECKPOINT_RESTART,
                                    SQLITE_CHECKPOINT_TRUNCATE}[static_cast<std::size_t>(number) % 4];
        sqlite3_wal_checkpoint_v2(connection.database().getHandle(), nullptr, mode, nullptr, nullptr);
    });
}

bool conclude(const Site& site) {
    const RecordReport report = check_record(site, Agents::all_gone);
    std::map<std::string, int> ends;
    for (const auto& [call, end] : report.calls)
        ++ends[end];
    for (const auto& [end, number] : ends)
        std::cout << number << " calls: " << end << '\n';
    std::cerr << report.text();
    return report.faults.empty();
}

}  // namespace

bool read_while_writing(const fs::path& directory, std::chrono::seconds time, Sharing sharing) {
    const Site site(directory);
    {
        Opening options;
        options.sharing = sharing;
        static_cast<void>(site.open(options));  // so that it is created only once
        const auto agent = [&](const std::string& name, Progress& progress) {
            call_and_read_for_ever(site, name, progress);
        };
        Victim one("agent 1", agent);
        Victim other("agent 2", agent);
        one.start();
        other.start();
        std::this_thread::sleep_for(time);
        one.kill();
        other.kill();
    }
    return conclude(site);
}

bool kill_while_checkpointing(const fs::path& directory, std::chrono::seconds time, unsigned seed) {
    const Site site(directory);
    const SlowDisk slow;
    std::minstd_rand random(seed);
    std::list<Victim> victims;
    victims.emplace_back("the reader",
                         [&](const std::string&, Progress& progress) { verify_for_ever(site, progress); });
    for (const char* agent : {"agent 1", "agent 2", "agent 3", "agent 4"}) {
        victims.emplace_back(agent, [&](const std::string& name, Progress& progress) {
            call_and_checkpoint_for_ever(site, name, progress);
        });
    }
    for (const auto end = SteadyClock::now() + time; SteadyClock::now() < end;) {
        for (Victim& victim : victims)
            victim.start();
        std::this_thread::sleep_for(std::chrono::milliseconds(random() % 500));
        std::next(victims.begin(), static_cast<std::ptrdiff_t>(random() % victims.size()))->kill();
    }
    int kills = 0;
    for (Victim& victim : victims) {
        victim.start();
        victim.kill();
        kills += victim.kills();
    }
    std::cout << kills << " kills\n";
    return conclude(site);
}

}  // namespace approvekit::testing
