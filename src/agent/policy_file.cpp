#include "approvekit/policy_file.hpp"

#include "agent/threads.hpp"
#include "agent/watched_policy.hpp"
#include "approvekit/error.hpp"
#include "base/thread_signals.hpp"

#include <unistd.h>

#include <chrono>
#include <exception>
#include <mutex>
#include <new>
#include <stop_token>
#include <system_error>
#include <utility>
#include <variant>

namespace approvekit {

/// What the thread has of it: the file may be let go on that thread.
class PolicyFile::Follower {
public:
    Follower(const std::filesystem::path& path, ApproveKit kit, const Options& options)
        : path_(path), kit_(std::move(kit)), interval_(options.interval), watched_(path, options.clock) {
        kit_.reload(watched_.read());
    }

    void begin(const std::shared_ptr<Follower>& self) {
        thread_ = std::make_unique<detail::QueueThread>([self, stop = stop_.get_token()] { self->run(stop); });
    }

    void end() noexcept {
        if (process_ != ::getpid()) return;
        stop_.request_stop();
        detail::QueueThread::end(std::move(thread_));
    }

    [[nodiscard]] std::string problem() const {
        if (process_ != ::getpid()) return "in a forked child no policy file is followed";
        const std::lock_guard lock(mutex_);
        return problem_.empty() ? trouble_ : problem_;
    }

private:
    void run(const std::stop_token& stop) {
        base::leave_signals_to_others();
        const std::stop_callback wake(stop, [this] {
            const std::lock_guard lock(mutex_);
            changed_.notify_all();
        });
        while (!sleep(stop)) {
            try {
                look();
                note(trouble_, "");
            } catch (const std::bad_alloc&) {  // the next look tries it again
                note(trouble_, "out of memory");
            }
        }
    }

    /// Whether it is over.
    [[nodiscard]] bool sleep(const std::stop_token& stop) {
        std::unique_lock lock(mutex_);
        changed_.wait_until(lock, std::chrono::steady_clock::now() + interval_,
                            [&stop] { return stop.stop_requested(); });
        return stop.stop_requested();
    }

    void look() {
        auto news = watched_.look();
        if (const auto* const error = std::get_if<PolicyError>(&news)) {
            const bool is_new = problem() != error->what();
            note(problem_, error->what());
            watched_.settle();
            if (is_new) kit_.tell_refused(*error);
        } else if (auto* const policy = std::get_if<Policy>(&news)) {
            note(problem_, "");
            kit_.reload(std::move(*policy));
            watched_.settle();
        }
    }

    void note(std::string& problem, std::string now) {
        const std::lock_guard lock(mutex_);
        problem.swap(now);
    }

    const std::filesystem::path path_;
    const ApproveKit kit_;
    const std::chrono::milliseconds interval_;
    const ::pid_t process_ = ::getpid();
    detail::WatchedPolicy watched_;  // the thread's, once it runs
    std::stop_source stop_;
    mutable std::mutex mutex_;  // guards what follows
    detail::Condition changed_;
    std::string problem_;                          // of the file
    std::string trouble_;                          // of the last look
    std::unique_ptr<detail::QueueThread> thread_;  // of whoever lets the file go
};

namespace {

void check_followed(const PolicyFile::Options& options) {
    constexpr std::chrono::hours longest_interval{1};
    if (options.interval < std::chrono::milliseconds{1} || options.interval > longest_interval)
        throw Error(ErrorCode::invalid_option, "a policy file is looked at every 1 ms to 1 h");
    if (!options.clock) throw Error(ErrorCode::invalid_option, "a policy file needs a clock");
}

}  // namespace

PolicyFile::PolicyFile(const std::filesystem::path& path, ApproveKit kit)
    : PolicyFile(path, std::move(kit), Options{}) {}

PolicyFile::PolicyFile(const std::filesystem::path& path, ApproveKit kit, Options options) {
    check_followed(options);
    follower_ = std::make_shared<Follower>(std::filesystem::absolute(path), std::move(kit), options);
    follower_->begin(follower_);
}

PolicyFile::~PolicyFile() {
    follower_->end();
}

std::string PolicyFile::problem() const {
    return follower_->problem();
}

}  // namespace approvekit
