#include "review/watch.hpp"

#include "approvekit/error.hpp"
#include "approvekit/terminal_reviewer.hpp"
#include "support/catch.hpp"
#include "support/eventually.hpp"
#include "support/failing_storage.hpp"
#include "support/manual_clock.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

using approvekit::ApprovalRequest;
using approvekit::ApprovalStatus;
using approvekit::ErrorCode;
using approvekit::Reviewer;
using approvekit::StorageError;
using approvekit::review::Watch;
using approvekit::testing::FailingStorage;
using approvekit::testing::ManualClock;
using namespace std::chrono_literals;

namespace {

/// Can be made to refuse everybody who looks, while agents write and the storage sweeps by itself.
class RefusingStorage final : public FailingStorage {
public:
    using FailingStorage::FailingStorage;

    /// From now on every look fails with `code`; nothing means that they work again.
    void refuse_with(std::optional<ErrorCode> code) {
        if (code) code_ = *code;
        refuses_ = code.has_value();
    }
    [[nodiscard]] int refusals() const noexcept { return refusals_; }
    /// Only sweeps fail, as busy.
    void keep_sweeps_busy() { sweeps_are_busy_ = true; }

    std::size_t sweep() override {
        check();
        if (sweeps_are_busy_) throw StorageError(ErrorCode::storage_busy, "busy");
        return FailingStorage::sweep();
    }
    [[nodiscard]] std::optional<ApprovalRequest> find(std::string_view request_id) override {
        check();
        return FailingStorage::find(request_id);
    }

private:
    void check() {
        if (!refuses_) return;
        ++refusals_;
        throw StorageError(code_, "refused");
    }

    std::atomic<ErrorCode> code_ = ErrorCode::storage_io;
    std::atomic<bool> refuses_ = false;
    std::atomic<int> refusals_ = 0;
    std::atomic<bool> sweeps_are_busy_ = false;
};

/// Runs a watch on a separate thread and keeps what it reports.
class Watched {
public:
    explicit Watched(std::size_t enough = 1000) : enough_(enough) {}

    void start() {
        thread_ = std::jthread([this](const std::stop_token& stop) {
            try {
                approvekit::review::Watch(reviewer_, clock->now(),
                                          [this](approvekit::review::Watch::Event event,
                                                 const ApprovalRequest& request) { return tell(event, request); })
                    .run(stop);
            } catch (const StorageError& error) {
                const std::lock_guard lock(mutex_);
                failure_ = error.code();
                told_.notify_all();
            }
        });
    }

    /// Waits until the last report is `text`.
    bool comes(const std::string& text) {
        std::unique_lock lock(mutex_);
        return told_.wait_for(lock, 10s, [&] { return !news_.empty() && news_.back() == text; });
    }

    /// Waits until the watch has ended with `code`.
    bool fails_with(ErrorCode code) {
        std::unique_lock lock(mutex_);
        return told_.wait_for(lock, 10s, [&] { return failure_ == code; });
    }

    std::vector<std::string> news() {
        const std::lock_guard lock(mutex_);
        return news_;
    }

    /// Does `meanwhile` while the watch is still busy reporting what `work` does.
    void while_telling(const std::function<void()>& meanwhile, const std::function<void()>& work) {
        std::unique_lock lock(mutex_);
        is_held_up_ = true;
        is_telling_ = false;
        lock.unlock();
        work();
        lock.lock();
        REQUIRE(told_.wait_for(lock, 10s, [&] { return is_telling_; }));
        lock.unlock();
        meanwhile();
        lock.lock();
        is_held_up_ = false;
        told_.notify_all();
    }

    void stop() {
        thread_.request_stop();
        thread_.join();
    }

    std::shared_ptr<ManualClock> clock = std::make_shared<ManualClock>();
    std::shared_ptr<RefusingStorage> storage = std::make_shared<RefusingStorage>(clock);

private:
    bool tell(approvekit::review::Watch::Event event, const ApprovalRequest& request) {
        std::unique_lock lock(mutex_);
        is_telling_ = true;
        told_.notify_all();
        told_.wait(lock, [&] { return !is_held_up_; });
        news_.push_back(request.tool_name + (event == approvekit::review::Watch::Event::appeared
                                                 ? ""
                                                 : " " + std::string(to_string(request.status))));
        told_.notify_all();
        return news_.size() < enough_;
    }

    std::size_t enough_;
    Reviewer reviewer_{storage, "ann", "terminal"};
    std::mutex mutex_;
    std::condition_variable told_;
    std::vector<std::string> news_;
    bool is_held_up_ = false;
    bool is_telling_ = false;
    std::optional<ErrorCode> failure_;
    std::jthread thread_;
};

using News = std::vector<std::string>;

}  // namespace

TEST_CASE("A watch tells what waits already, what appears and what ends, each once") {
    Watched watched;
    const std::string waiting = watched.storage->add("waiting").id;
    watched.start();
    REQUIRE(watched.comes("waiting"));
    Reviewer other(watched.storage, "eve", "web");
    other.approve(waiting);
    REQUIRE(watched.comes("waiting approved"));
    const std::string fresh = watched.storage->add("fresh").id;
    REQUIRE(watched.comes("fresh"));
    other.reject(fresh);
    REQUIRE(watched.comes("fresh rejected"));
    CHECK(watched.news() == News{"waiting", "waiting approved", "fresh", "fresh rejected"});
}

TEST_CASE("A watch ends what is overdue by itself") {
    Watched watched;
    watched.storage->add("late");
    watched.start();
    REQUIRE(watched.comes("late"));
    watched.clock->advance(2min);
    CHECK(watched.comes("late timeout"));
}

TEST_CASE("What ended before a watch began is not news") {
    Watched watched;
    const std::string old = watched.storage->add("old").id;
    Reviewer(watched.storage, "eve", "web").approve(old);
    watched.clock->advance(1s);
    watched.start();
    watched.storage->add("waiting");
    REQUIRE(watched.comes("waiting"));
    CHECK(watched.news() == News{"waiting"});
}

TEST_CASE("A watch outlives a busy storage and a failed notification") {
    Watched watched;
    watched.start();
    watched.storage->add("first");
    REQUIRE(watched.comes("first"));
    watched.storage->refuse_with(ErrorCode::storage_busy);
    watched.storage->add("second");
    // The first one may be of a look that began before there was anything to report.
    const int before = watched.storage->refusals();
    REQUIRE(eventually([&] { return watched.storage->refusals() >= before + 2; }));
    watched.storage->refuse_with(std::nullopt);
    CHECK(watched.comes("second"));
}

TEST_CASE("A watch whose sweep finds the storage busy tells what came and went meanwhile all the same") {
    Watched watched;
    watched.start();
    const std::string first = watched.storage->add("first").id;
    REQUIRE(watched.comes("first"));
    watched.storage->keep_sweeps_busy();
    Reviewer other(watched.storage, "eve", "web");
    watched.while_telling([&] { other.approve(watched.storage->add("second").id); }, [&] { other.reject(first); });
    CHECK(watched.comes("second approved"));
}

TEST_CASE("A watch ends when nothing can be ended any more, and says why") {
    Watched watched;
    watched.start();
    watched.storage->add("first");
    REQUIRE(watched.comes("first"));
    watched.storage->refuse_with(ErrorCode::storage_full);
    CHECK(watched.fails_with(ErrorCode::storage_full));
}

TEST_CASE("A watch stops when it is asked to, and when its teller has enough") {
    auto soonest = std::chrono::steady_clock::duration::max();
    for (int tries = 0; tries < 8 && soonest >= 900ms; ++tries) {  // a busy machine may be slow for one of them
        Watched asked;
        asked.start();
        const auto before = std::chrono::steady_clock::now();
        asked.stop();
        soonest = std::min(soonest, std::chrono::steady_clock::now() - before);
    }
    CHECK(soonest < 900ms);

    Watched enough(1);
    enough.storage->add("one");
    enough.storage->add("two");
    enough.start();
    REQUIRE(enough.comes("one"));
    enough.stop();
    CHECK(enough.news() == News{"one"});
}
