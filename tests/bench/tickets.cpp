#include "approvekit/reviewer.hpp"
#include "sample_call.hpp"
#include "setting.hpp"
#include "support/temporary_directory.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <random>
#include <thread>
#include <vector>

namespace approvekit::bench {
namespace {

std::chrono::nanoseconds processor_time() {
    ::rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto as_duration = [](const ::timeval& time) {
        return std::chrono::seconds{time.tv_sec} + std::chrono::microseconds{time.tv_usec};
    };
    return as_duration(used.ru_utime) + as_duration(used.ru_stime);
}

/// One thread that waits for all its tickets in one wait_any(), and a reviewer who decides them in any order.
class TicketPile {
public:
    TicketPile(const std::filesystem::path& database, int size)
        : agent_(database, holding_policy(), Durability::relaxed), reviewer_(agent_.storage, "ana", "library") {
        const auto send = agent_.kit.guard(tool_name, {"number"}, [](int) {});
        for (int number = 0; number < size; ++number) {
            tickets_.push_back(send.submit(number));
            order_.push_back(tickets_.back().request_id());
        }
        std::shuffle(order_.begin(), order_.end(), std::minstd_rand{1});
    }

    /// In per cent of one processor.
    double share_while_waiting(std::chrono::seconds time) {
        const auto used = processor_time();
        {
            const std::jthread waiting(
                [this](const std::stop_token& stop) { static_cast<void>(wait_any(tickets_, stop)); });
            std::this_thread::sleep_for(time);
        }
        return 100 * std::chrono::duration<double>(processor_time() - used) / time;
    }

    /// From a durable decision until wait_any() returned its ticket.
    Samples decide_all() {
        Samples found;
        for (const std::string& id : order_) {
            reviewer_.approve(id);
            std::size_t at = 0;
            found.time([&] { at = wait_any(tickets_).value(); });
            take(at, id).get();
        }
        return found;
    }

private:
    Ticket<void> take(std::size_t at, const std::string& id) {
        Ticket<void> found = std::move(tickets_.at(at));
        if (found.request_id() != id) throw std::logic_error("wait_any() found another ticket than the decided one");
        tickets_.at(at) = std::move(tickets_.back());
        tickets_.pop_back();
        return found;
    }

    SampleAgent agent_;
    Reviewer reviewer_;
    std::vector<Ticket<void>> tickets_;
    std::vector<std::string> order_;
};

}  // namespace

void measure_tickets(const Setting& setting, Report& report) {
    const TemporaryDirectory directory(setting.memory);
    const int size = setting.rounds(10000, 2000);
    TicketPile pile(directory / "agent.db", size);
    const std::string crowd = size == 10000 ? "10,000 tickets" : "2,000 tickets";
    report.add({.what = "processor time of wait_any() over " + crowd,
                .value = pile.share_while_waiting(std::chrono::seconds{setting.rounds(20, 5)}),
                .unit = Unit::percent,
                .goal = at_most(0.5)});
    const auto start = Clock::now();
    const Samples found = pile.decide_all();
    const auto each = (Clock::now() - start) / size;
    report.add(duration("wait_any() over " + crowd + " that are decided in any order, p50", found.median(), found));
    report.add(duration("  and all of a decision: made, found, claimed, run", each, found));
}

}  // namespace approvekit::bench
