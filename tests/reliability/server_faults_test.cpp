// The record on a server is true, whatever happens to any message between the server and its clients.
#include "fault_scenarios.hpp"
#include "server_record.hpp"
#include "thoroughness.hpp"

#include "postgres/cluster.hpp"
#include "postgres/message_proxy.hpp"

#include <array>
#include <chrono>
#include <string>

using namespace approvekit;
using namespace approvekit::testing;

namespace {

constexpr std::array<const char*, 6> fault_names{"delayed",    "dropped with all behind it", "cut off", "the last one",
                                                 "sent twice", "the begin of an outage"};

/// While this exists, records are databases that are reached through a proxy.
class ProxiedRecords {
public:
    ProxiedRecords() {
        make_records_on({.server = Cluster::shared().connection_to("postgres"),
                         .patience = std::chrono::milliseconds{0},
                         .way = [this](const std::string& connection) { return proxy_.through(connection); }});
    }
    ~ProxiedRecords() { set_record_maker({}); }
    ProxiedRecords(const ProxiedRecords&) = delete;
    ProxiedRecords& operator=(const ProxiedRecords&) = delete;

    [[nodiscard]] MessageProxy& proxy() noexcept { return proxy_; }

private:
    MessageProxy proxy_;
};

/// Disturbs every message in turn, in each of the possible ways.
void fail_at_every_message(const Scenario& scenario) {
    const auto fault = GENERATE(MessageFault::delay, MessageFault::drop, MessageFault::cut, MessageFault::cut_behind,
                                MessageFault::duplicate, MessageFault::outage);
    const int step = distance(is_sanitized ? 211 : 97);
    ProxiedRecords records;
    MessageProxy& proxy = records.proxy();
    Trouble trouble;
    trouble.lasting = fault == MessageFault::outage;
    if (trouble.lasting) trouble.patience = std::chrono::milliseconds{200};
    trouble.end = [&] { return proxy.disarm(); };
    trouble.stay = [&] { proxy.arm(1, fault); };
    int nth = 1 + static_cast<int>(fault) % step;
    do {
        trouble.text = "message " + std::to_string(nth) + " is " + fault_names.at(static_cast<std::size_t>(fault));
        trouble.begin = [&, nth] { proxy.arm(nth, fault); };
        nth += step;
    } while (survives(scenario, trouble));
    CHECK(nth > 20);
}

}  // namespace

TEST_CASE("G4 G13 H35 every n-th message to and from a server goes wrong under a held call") {
    fail_at_every_message(held);
}

TEST_CASE("G4 G13 H35 every n-th message to and from a server goes wrong under a call that the policy allows") {
    fail_at_every_message(allowed);
}

TEST_CASE("G4 G13 H35 every n-th message to and from a server goes wrong while the record is opened") {
    fail_at_every_message(opening);
}
