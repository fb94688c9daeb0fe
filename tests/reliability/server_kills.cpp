#include "server_kills.hpp"

#include "agent_and_reviewer.hpp"
#include "end_tally.hpp"
#include "record_check.hpp"
#include "server_record.hpp"

#include "postgres/cluster.hpp"
#include "postgres/own_server.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <iostream>
#include <random>
#include <thread>
#include <utility>

namespace approvekit::testing {
namespace {

namespace fs = std::filesystem;

/// Longer than any server here needs to come back on a busy machine.
constexpr std::chrono::minutes patience_with_servers{2};

/// Harms a server again and again while a busy agent and a busy reviewer use its record.
class ServerCampaign {
public:
    ServerCampaign(const fs::path& directory, unsigned seed) : directory_(directory / "server-kills"), random_(seed) {}

    /// Uses one record, and does `harm` that many times. Throws if one of the processes does not survive it.
    void spend_a_record(int times, const std::function<void(const TestRecord&)>& harm) {
        fs::remove_all(directory_);
        fs::create_directories(directory_);
        AgentAndReviewer processes(directory_);
        processes.start();
        for (int done = 0; done < times; ++done) {
            std::this_thread::sleep_for(std::chrono::microseconds(random_() % 20000));
            harm(*processes.site().record);
            ++done_;
            processes.work_on();
            note(processes.site(), Agents::some_at_work);
        }
        processes.kill();
        ends_.add(processes.site(), note(processes.site(), Agents::all_gone));
        fs::remove_all(directory_);
    }

    [[nodiscard]] unsigned chance() { return static_cast<unsigned>(random_()); }

    /// Returns whether nothing was wrong.
    [[nodiscard]] bool conclude(const char* what) const {
        ends_.print();
        std::cout << done_ << ' ' << what << ", the record checked " << checks_ << " times\n";
        return is_clean_;
    }

private:
    RecordReport note(const Site& site, Agents agents) {
        RecordReport report = check_record(site, agents);
        ++checks_;
        is_clean_ = is_clean_ && report.faults.empty();
        std::cerr << report.text();
        return report;
    }

    fs::path directory_;
    std::minstd_rand random_;
    EndTally ends_;
    int done_ = 0;
    int checks_ = 0;
    bool is_clean_ = true;
};

void use_server(const OwnServer& server, int lanes) {
    make_records_on({.server = server.connection(), .lanes = lanes, .patience = patience_with_servers});
}

}  // namespace

void keep_records_on_server(int lanes) {
    make_records_on({.server = Cluster::shared().connection_to("postgres"), .lanes = lanes});
}

bool end_connections(const fs::path& directory, int count, unsigned seed) {
    constexpr int ends_per_record = 200;
    ServerCampaign campaign(directory, seed);
    for (int left = count; left > 0; left -= ends_per_record) {
        campaign.spend_a_record(std::min(left, ends_per_record), [&](const TestRecord& record) {
            static_cast<void>(end_a_connection(record, campaign.chance()));
        });
    }
    return campaign.conclude("connections ended");
}

bool crash_server(const fs::path& directory, int lanes, int count, unsigned seed) {
    constexpr int crashes_per_record = 25;
    const OwnServer server;
    use_server(server, lanes);
    ServerCampaign campaign(directory, seed);
    for (int left = count; left > 0; left -= crashes_per_record)
        campaign.spend_a_record(std::min(left, crashes_per_record), [&](const TestRecord&) { server.crash(); });
    return campaign.conclude("times all of the server killed");
}

bool promote_standbys(const fs::path& directory, int lanes, int count, unsigned seed) {
    ServerCampaign campaign(directory, seed);
    for (int done = 0; done < count; ++done) {
        const OwnServer server;
        server.add_standby();
        use_server(server, lanes);
        campaign.spend_a_record(1, [&](const TestRecord&) { server.promote_standby(); });
    }
    return campaign.conclude("servers killed, and their standbys promoted");
}

}  // namespace approvekit::testing
