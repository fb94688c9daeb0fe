#pragma once

#include "approvekit/clock.hpp"
#include "approvekit/reviewers_file.hpp"
#include "base/file_mark.hpp"
#include "policy/policy_text.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace approvekit::review {

/// By the end of its name. Throws Error (invalid_option) for any other than .yaml, .yml and .json.
[[nodiscard]] policy::Format format_of_reviewers(const std::filesystem::path& path);

/// Reads and parses the file. Throws Error (invalid_option) as ReviewersFile::read does.
[[nodiscard]] std::vector<InvitedReviewer> load_reviewers(const std::filesystem::path& path);

/// The people of a file as it is at this moment, for whoever asks often: it is looked at each time, and read again only
/// where it may have changed. Thread-safe.
class WatchedReviewers {
public:
    using People = std::shared_ptr<const std::vector<InvitedReviewer>>;

    /// Reads nothing yet. Keeps a reference to `clock`. Throws Error (invalid_option) as format_of_reviewers does.
    WatchedReviewers(const std::filesystem::path& path, const Clock& clock);

    /// Throws Error (invalid_option) where the file is not there, does not count or is not understood: there is nobody then, and
    /// what it said before counts no more.
    [[nodiscard]] People now();

    /// The same; null where that throws.
    [[nodiscard]] People known();

private:
    /// Of what it says, and of whether it still counts as a trusted file.
    struct Mark {
        base::FileMark file;
        std::uint64_t mode = 0;
        std::uint64_t owner = 0;
        std::uint64_t folder_mode = 0;
        std::uint64_t folder_owner = 0;
        bool operator==(const Mark&) const = default;
    };

    [[nodiscard]] static std::optional<Mark> mark_of(const std::filesystem::path& path);

    const std::filesystem::path path_;
    const Clock& clock_;
    std::mutex mutex_;  // guards what follows
    std::optional<Mark> mark_;
    std::chrono::microseconds marked_at_{};
    bool is_settled_ = false;  // it was read again so long after that mark came that no other change can bear it
    std::string text_;
    People people_;  // null: the file was not understood
};

}  // namespace approvekit::review
