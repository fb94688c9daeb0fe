#pragma once

#include "approvekit/clock.hpp"
#include "review/watched_reviewers.hpp"
#include "web/identification.hpp"
#include "web/sign_in.hpp"

#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace approvekit::web {

/// A server of several reviewers, who are listed in a file: a link of a reviewer's own signs a browser in, once while the
/// server runs, and its session counts as long as the file lists that link under that name.
///
/// The file is looked at for every request. While it cannot be read or trusted, nobody is let in.
class InvitedReviewers final : public Identification {
public:
    /// As many sessions as there can be links in a file, and some that a change of it has ended.
    static constexpr std::size_t most_sessions = 2048;

    /// Keeps references to `sessions` and `clock`. Throws Error (invalid_option) as ReviewersFile::read does.
    InvitedReviewers(const std::filesystem::path& file, Sessions& sessions, const Clock& clock);

    [[nodiscard]] std::variant<Caller, Answer> identify(const RequestHead& head) override;
    [[nodiscard]] bool still_knows(const Caller& caller) override;
    [[nodiscard]] std::variant<Caller, Answer> sign_in(std::string_view link, std::string_view secret) override;
    [[nodiscard]] std::string make_link() override;
    [[nodiscard]] std::optional<Answer> trouble() override;

private:
    [[nodiscard]] bool is_used(const Digest& link, std::string_view secret);

    Sessions& sessions_;
    const Clock& clock_;
    review::WatchedReviewers file_;
    std::mutex mutex_;  // guards uses_
    std::map<Digest, LinkUse> uses_;
};

/// What everybody is answered while the file of reviewers cannot be read or trusted. It does not tell why, since nobody has
/// shown who they are.
[[nodiscard]] Answer no_reviewers();

}  // namespace approvekit::web
