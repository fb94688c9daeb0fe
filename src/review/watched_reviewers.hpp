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

/// Returns the format by the end of the name. Throws Error (invalid_option) for any name but .yaml, .yml and .json.
[[nodiscard]] policy::Format format_of_reviewers(const std::filesystem::path& path);

/// Reads and parses the file. Throws Error (invalid_option) like ReviewersFile::read().
[[nodiscard]] std::vector<InvitedReviewer> load_reviewers(const std::filesystem::path& path);

/// The people in a file as it is at this moment, for whoever asks often. Looks at the file each time, and reads it
/// again only if it may have changed. Thread-safe.
class WatchedReviewers {
public:
    using People = std::shared_ptr<const std::vector<InvitedReviewer>>;

    /// Reads nothing yet. Keeps a reference to `clock`. Throws Error (invalid_option) like format_of_reviewers().
    WatchedReviewers(const std::filesystem::path& path, const Clock& clock);

    /// Throws Error (invalid_option) if the file does not exist, does not count or is not understood. There is nobody
    /// then, and what the file said before no longer counts.
    [[nodiscard]] People now();

    /// Does the same, but returns null where that throws.
    [[nodiscard]] People known();

private:
    /// Shows a change of the file's content, and of whether it still counts as a trusted file.
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
    // It was read again so long after this mark came that no other change can have the same mark.
    bool is_settled_ = false;
    std::string text_;
    People people_;  // null if the file was not understood
};

}  // namespace approvekit::review
