#include "agent/policy_file.hpp"

#include "agent/threads.hpp"
#include "approvekit/digest.hpp"
#include "approvekit/error.hpp"
#include "approvekit/policy_file.hpp"
#include "base/thread_signals.hpp"
#include "policy/policy_text.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <exception>
#include <mutex>
#include <new>
#include <stop_token>
#include <system_error>
#include <utility>
#include <variant>

namespace approvekit::detail {
namespace {

/// The content of a file, or why there is none.
struct PolicyContent {
    policy::PolicyFile file;
    std::optional<PolicyError> error;

    [[nodiscard]] std::string digest() const {
        return error ? std::string("unreadable: ") + error->what() : to_hex(digest_of(file.text));
    }
    [[nodiscard]] Policy parsed(const std::filesystem::path& path) const {
        if (error) throw PolicyError(*error);
        return file.format == policy::Format::json ? Policy::from_json_text(file.text, path.string())
                                                   : Policy::from_yaml_text(file.text, path.string());
    }
};

PolicyContent content_of(const std::filesystem::path& path) {
    try {
        return {policy::load_policy_file(path), std::nullopt};
    } catch (const PolicyError& error) {
        return {{}, error};
    }
}

std::optional<base::FileMark> mark_of(const std::filesystem::path& path) {
    struct ::stat status {};
    if (::stat(path.c_str(), &status) != 0) return std::nullopt;
    return base::file_mark_of(status);
}

}  // namespace

WatchedPolicy::WatchedPolicy(std::filesystem::path path, std::shared_ptr<const Clock> clock)
    : path_(std::move(path)), clock_(std::move(clock)) {}

Policy WatchedPolicy::read() {
    const PolicyContent content = content_of(path_);
    Policy policy = content.parsed(path_);
    settled_ = content.digest();
    return policy;
}

WatchedPolicy::News WatchedPolicy::look() {
    const std::optional<base::FileMark> mark = mark_of(path_);
    const std::chrono::microseconds now = clock_->since_boot();
    const bool is_same = mark == mark_ && !seen_.empty();
    if (!is_same) marked_at_ = now;
    mark_ = mark;
    if (is_same && is_known_ && seen_ == settled_) return {};
    const PolicyContent content = content_of(path_);
    std::string found = mark_of(path_) == mark ? content.digest() : std::string();
    const bool is_seen_twice = is_same && found == seen_;
    seen_ = std::move(found);
    // A file that could not be read may become readable without a change that the mark shows.
    is_known_ = is_seen_twice && !content.error && now - marked_at_ >= base::longest_file_tick;
    if (!is_seen_twice || seen_ == settled_) return {};
    try {
        return content.parsed(path_);
    } catch (const PolicyError& error) {
        return error;
    }
}

}  // namespace approvekit::detail

namespace approvekit {

/// What the thread uses. It is shared, since the PolicyFile may be destroyed on that thread.
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
            } catch (const std::bad_alloc&) {  // the next look tries again
                note(trouble_, "out of memory");
            }
        }
    }

    /// Returns whether the file is no longer followed.
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
    detail::WatchedPolicy watched_;  // used by the thread alone, once it runs
    std::stop_source stop_;
    mutable std::mutex mutex_;  // guards what follows
    detail::Condition changed_;
    std::string problem_;                          // of the file
    std::string trouble_;                          // of the last look
    std::unique_ptr<detail::QueueThread> thread_;  // used by whoever lets the file go
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
