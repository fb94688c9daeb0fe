#pragma once

#include "approvekit/clock.hpp"
#include "approvekit/reviewers_file.hpp"
#include "review/watched_reviewers.hpp"
#include "web/identification.hpp"

#include <deque>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace approvekit::web {

/// A server of several reviewers, who are listed in a file. There, a reviewer's own link is exchanged for the session
/// of a browser, and a session counts as long as the file has it.
///
/// The file is looked at for every request. While it cannot be read or trusted, nobody is let in.
class InvitedReviewers final : public Identification {
public:
    /// Keeps a reference to `clock`. Throws Error (invalid_option) like ReviewersFile::read().
    InvitedReviewers(const std::filesystem::path& file, const Clock& clock);

    [[nodiscard]] std::variant<Caller, Answer> identify(const RequestHead& head) override;
    [[nodiscard]] bool still_knows(const Caller& caller) override;
    [[nodiscard]] std::variant<Caller, Answer> sign_in(std::string_view link, std::string_view secret) override;
    [[nodiscard]] std::vector<Session> sessions_of(const Caller& caller) override;
    [[nodiscard]] std::optional<Session> end_session(const Caller& caller, std::string_view id) override;
    [[nodiscard]] std::string make_link() override;
    [[nodiscard]] std::optional<Answer> trouble() override;

private:
    [[nodiscard]] std::variant<Caller, Answer> exchange(std::string_view link, std::string_view secret);
    [[nodiscard]] std::variant<Caller, Answer> after_use(std::string_view secret);
    [[nodiscard]] Session shown(const ReviewerSession& session);
    void note_seen(const Digest& secret);
    void note_used(const Digest& link);
    [[nodiscard]] bool was_used(const Digest& link);

    const Clock& clock_;
    ReviewersFile file_;
    review::WatchedReviewers people_;
    std::mutex mutex_;                // guards what follows
    std::map<Digest, Time> seen_at_;  // by the digest of the secret
    std::deque<Digest> used_;         // links that signed somebody in, to tell them from those that never existed
};

/// Returns what everybody is answered while the file of reviewers cannot be read or trusted, or, when signing in, while
/// it cannot be written. It does not say why, since nobody has shown who they are.
[[nodiscard]] Answer no_reviewers();

}  // namespace approvekit::web
