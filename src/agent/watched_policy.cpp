#include "agent/watched_policy.hpp"

#include "approvekit/digest.hpp"
#include "policy/policy_text.hpp"

#include <sys/stat.h>

#include <utility>

namespace approvekit::detail {
namespace {

/// The coarsest times of file systems: two changes within it may bear the same.
constexpr std::chrono::seconds longest_tick{2};

/// What a file has to say, or why it has nothing.
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

std::int64_t nanoseconds(const ::timespec& time) {
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

WatchedPolicy::WatchedPolicy(std::filesystem::path path, std::shared_ptr<const Clock> clock)
    : path_(std::move(path)), clock_(std::move(clock)) {}

std::optional<WatchedPolicy::Mark> WatchedPolicy::mark_of(const std::filesystem::path& path) {
    struct ::stat status {};
    if (::stat(path.c_str(), &status) != 0) return std::nullopt;
#ifdef __APPLE__
    const ::timespec modified = status.st_mtimespec;
    const ::timespec changed = status.st_ctimespec;
#else
    const ::timespec modified = status.st_mtim;
    const ::timespec changed = status.st_ctim;
#endif
    return Mark{.device = static_cast<std::uint64_t>(status.st_dev),
                .inode = static_cast<std::uint64_t>(status.st_ino),
                .size = static_cast<std::int64_t>(status.st_size),
                .modified = nanoseconds(modified),
                .changed = nanoseconds(changed)};
}

Policy WatchedPolicy::read() {
    const PolicyContent content = content_of(path_);
    Policy policy = content.parsed(path_);
    settled_ = content.digest();
    return policy;
}

WatchedPolicy::News WatchedPolicy::look() {
    const std::optional<Mark> mark = mark_of(path_);
    const std::chrono::microseconds now = clock_->since_boot();
    const bool is_same = mark == mark_ && !seen_.empty();
    if (!is_same) marked_at_ = now;
    mark_ = mark;
    if (is_same && is_known_ && seen_ == settled_) return {};
    const PolicyContent content = content_of(path_);
    std::string found = mark_of(path_) == mark ? content.digest() : std::string();
    const bool is_seen_twice = is_same && found == seen_;
    seen_ = std::move(found);
    // What could not be read may be readable later, without a change that the mark would show.
    is_known_ = is_seen_twice && !content.error && now - marked_at_ >= longest_tick;
    if (!is_seen_twice || seen_ == settled_) return {};
    try {
        return content.parsed(path_);
    } catch (const PolicyError& error) {
        return error;
    }
}

}  // namespace approvekit::detail
