#include "busy_past.hpp"

#include "approvekit/approvekit.hpp"
#include "busy_work.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace approvekit::demo {
namespace {

using namespace std::chrono_literals;

/// A clock that stays at one time until it is set forward. Thread-safe.
class PastClock final : public Clock {
public:
    explicit PastClock(Time now) : now_(now) {}

    [[nodiscard]] Time now() const override {
        const std::scoped_lock lock(mutex_);
        return now_;
    }
    [[nodiscard]] std::chrono::microseconds since_boot() const override { return now().time_since_epoch(); }

    void advance(std::chrono::microseconds by) {
        const std::scoped_lock lock(mutex_);
        now_ += by;
    }

private:
    mutable std::mutex mutex_;
    Time now_;
};

constexpr std::array<std::chrono::milliseconds, 9> lengths{600ms, 4s, 9s, 14s, 850ms, 31s, 52s, 7s, 76s};

class PastWeek {
public:
    PastWeek(const std::filesystem::path& database, const Policy& policy)
        : clock_(std::make_shared<PastClock>(start())), policy_(policy), storage_(opened(database)) {}

    void write() {
        const std::vector<Errand> errands = sixty_errands();
        for (std::size_t day = 0; day < 7; ++day) {
            const Time morning = clock_->now();
            for (std::size_t number = 0; number < 7 + 2 * (day % 4); ++number)
                ask(errands[(day * 11 + number * 7) % errands.size()]);
            if (day < 6) clock_->advance(morning + 24h - clock_->now());
        }
        kits_.clear();
    }

private:
    [[nodiscard]] static Time start() {
        const auto today = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
        return Time(today - std::chrono::days(7)) + 8h;
    }

    [[nodiscard]] std::shared_ptr<SqliteStorage> opened(const std::filesystem::path& database) const {
        SqliteStorage::Options options;
        options.durability = Durability::relaxed;
        options.clock = clock_;
        return std::make_shared<SqliteStorage>(database, options);
    }

    void ask(const Errand& errand) {
        const ApproveKit& kit = kit_of(errand.agent);
        ++asked_;
        for (std::size_t number = 0; number < asked_ % 5; ++number)
            read(kit, number);
        auto tool = kit.with({.why = errand.why}).guard(errand.tool, [this](const Json&) -> Json {
            clock_->advance(2s);
            return "done";
        });
        auto ticket = tool.submit(errand.arguments);
        decide(ticket.request_id());
        static_cast<void>(ticket.attempt());
        clock_->advance(11min);
    }

    /// Calls that nobody is asked about.
    void read(const ApproveKit& kit, std::size_t number) {
        const Json order = {{"order", 20310 + 7 * number}};
        static_cast<void>(kit.try_call(number == 3 ? "list_orders" : "read_order", order.dump(),
                                       [](const Json&) -> Json { return "found"; }));
        clock_->advance(3s);
    }

    void decide(const std::string& id) {
        if (asked_ % 13 == 0) {  // everybody is at lunch
            clock_->advance(90min);
            storage_->sweep();
            return;
        }
        clock_->advance(lengths[asked_ % lengths.size()]);
        constexpr std::array reviewers{"ines", "tom", "ada"};
        Reviewer reviewer(storage_, reviewers[asked_ % 4 % reviewers.size()], asked_ % 5 == 0 ? "terminal" : "web");
        ReviewerAnswer answer;
        answer.shown = asked_ % 10 == 0 ? Shown::in_part : Shown::whole;
        if (asked_ % 6 != 0) return static_cast<void>(reviewer.approve(id, answer));
        answer.notes = "Not without the customer's word.";
        reviewer.reject(id, answer);
    }

    [[nodiscard]] const ApproveKit& kit_of(const std::string& agent) {
        auto [found, is_new] = kits_.try_emplace(agent);
        if (is_new) {
            ApproveKit::Options options;
            options.agent = agent;
            options.clock = clock_;
            found->second = std::make_unique<ApproveKit>(policy_, storage_, options);
        }
        return *found->second;
    }

    std::shared_ptr<PastClock> clock_;
    const Policy policy_;
    std::shared_ptr<SqliteStorage> storage_;
    std::map<std::string, std::unique_ptr<ApproveKit>> kits_;
    std::size_t asked_ = 0;
};

}  // namespace

void write_past_week(const std::filesystem::path& database, const Policy& policy) {
    PastWeek(database, policy).write();
}

}  // namespace approvekit::demo
