#include "review/watched_reviewers.hpp"

#include "approvekit/error.hpp"
#include "review/reviewers_text.hpp"
#include "review/trusted_file.hpp"

#include <sys/stat.h>

#include <utility>

namespace approvekit::review {
namespace {

std::string text_of_reviewers(const std::filesystem::path& path) {
    auto found = TrustedFile(path).read(most_reviewers_bytes);
    if (!found) throw Error(ErrorCode::invalid_option, path.string() + ": it is not there");
    return std::move(found->text);
}

}  // namespace

std::vector<InvitedReviewer> load_reviewers(const std::filesystem::path& path) {
    return parse_reviewers(text_of_reviewers(path), format_of_reviewers(path), path.string());
}

WatchedReviewers::WatchedReviewers(const std::filesystem::path& path, const Clock& clock)
    : path_(std::filesystem::absolute(path)), clock_(clock) {
    static_cast<void>(format_of_reviewers(path_));
}

std::optional<WatchedReviewers::Mark> WatchedReviewers::mark_of(const std::filesystem::path& path) {
    struct ::stat status {};
    struct ::stat folder {};
    const bool are_there = ::lstat(path.c_str(), &status) == 0 && ::stat(path.parent_path().c_str(), &folder) == 0;
    if (!are_there) return std::nullopt;
    return Mark{.file = base::file_mark_of(status),
                .mode = static_cast<std::uint64_t>(status.st_mode),
                .owner = static_cast<std::uint64_t>(status.st_uid),
                .folder_mode = static_cast<std::uint64_t>(folder.st_mode),
                .folder_owner = static_cast<std::uint64_t>(folder.st_uid)};
}

WatchedReviewers::People WatchedReviewers::now() {
    const std::lock_guard lock(mutex_);
    const auto mark = mark_of(path_);
    const auto now = clock_.since_boot();
    if (mark == mark_ && is_settled_ && people_) return people_;
    if (mark != mark_) marked_at_ = now;
    // A change right after a reading leaves the same mark. What counts is when the file was last read, not when
    // somebody asks for it.
    is_settled_ = mark == mark_ && now - marked_at_ >= base::longest_file_tick;
    mark_ = mark;
    // If anything below throws, there is nobody.
    const People before = std::exchange(people_, nullptr);
    std::string text = text_of_reviewers(path_);
    if (before && text == text_) return people_ = before;
    auto people = parse_reviewers(text, format_of_reviewers(path_), path_.string());
    people_ = std::make_shared<const std::vector<InvitedReviewer>>(std::move(people));
    text_ = std::move(text);
    return people_;
}

WatchedReviewers::People WatchedReviewers::known() {
    try {
        return now();
    } catch (const Error&) {
        return nullptr;
    }
}

}  // namespace approvekit::review
