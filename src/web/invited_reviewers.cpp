#include "web/invited_reviewers.hpp"

#include "approvekit/error.hpp"

#include <algorithm>
#include <utility>

namespace approvekit::web {
namespace {

constexpr std::size_t session_name_bytes = 8;

/// How many last times of sessions, and used links, are remembered: more than there are. The limit keeps them from
/// growing for ever.
constexpr std::size_t most_remembered = 4096;

/// Returns an id that tells a session from others but opens nothing.
std::string id_of(const ReviewerSession& session) {
    const Digest digest = digest_of_fields({"approvekit session id 1", to_hex(session.secret)});
    return to_hex(digest).substr(0, 2 * session_name_bytes);
}

/// A session of the list, and whose it is.
struct Found {
    const InvitedReviewer* person = nullptr;
    const ReviewerSession* session = nullptr;
};

/// Returns the session with that digest of its secret. Looks at every one, so that the time taken reveals nothing.
Found find_session(const Digest& secret, const std::vector<InvitedReviewer>& people) {
    Found found;
    for (const InvitedReviewer& person : people) {
        for (const ReviewerSession& session : person.sessions) {
            if (same_digest(session.secret, secret)) found = {&person, &session};
        }
    }
    return found;
}

/// Returns whoever is already signed in under that secret.
std::optional<Caller> signed_in_by(std::string_view secret, const std::vector<InvitedReviewer>& people) {
    const Found found = find_session(digest_of_session(secret), people);
    if (found.session == nullptr) return std::nullopt;
    return Caller{.reviewer = found.person->name, .is_one_of_several = true};
}

/// Returns the session with that id among those of `name`.
Found find_own(std::string_view id, std::string_view name, const std::vector<InvitedReviewer>& people) {
    for (const InvitedReviewer& person : people) {
        if (person.name != name) continue;
        for (const ReviewerSession& session : person.sessions) {
            if (id_of(session) == id) return {&person, &session};
        }
    }
    return {};
}

/// Whether it is the digest of a link that has not yet signed anybody in. Looks at every one, so that the time taken
/// reveals nothing.
bool is_link(const Digest& link, const std::vector<InvitedReviewer>& people) {
    bool is_one = false;
    for (const InvitedReviewer& person : people) {
        for (const Digest& own : person.links)
            is_one = same_digest(own, link) || is_one;
    }
    return is_one;
}

Answer link_was_used() {
    return error_answer(401, "link_used", "that link has signed in a browser already; ask for another one");
}

}  // namespace

Answer no_reviewers() {
    return error_answer(
        503, "reviewers_unavailable",
        "the file of reviewers cannot be read, trusted or written, so nobody is let in; whoever runs the "
        "server finds out why by: approvekit-review reviewers list");
}

InvitedReviewers::InvitedReviewers(const std::filesystem::path& file, const Clock& clock)
    : clock_(clock), file_(std::filesystem::absolute(file)), people_(file, clock) {
    static_cast<void>(people_.now());
}

std::variant<Caller, Answer> InvitedReviewers::identify(const RequestHead& head) {
    const auto people = people_.known();
    if (!people) return no_reviewers();
    const std::string_view secret = bearer_secret(head);
    const Digest digest = digest_of_session(secret);
    const Found found = secret.empty() ? Found() : find_session(digest, *people);
    if (found.session == nullptr) return unauthorized("open a link that was made for you");
    note_seen(digest);
    return Caller{.reviewer = found.person->name, .session = id_of(*found.session), .is_one_of_several = true};
}

bool InvitedReviewers::still_knows(const Caller& caller) {
    const auto people = people_.known();
    return people && find_own(caller.session, caller.reviewer, *people).session != nullptr;
}

std::variant<Caller, Answer> InvitedReviewers::sign_in(std::string_view link, std::string_view secret) {
    const auto people = people_.known();
    if (!people) return no_reviewers();
    // Whoever has the secret of a session is in: the answer to this very request may have been lost.
    if (auto caller = signed_in_by(secret, *people)) return *std::move(caller);
    const Digest digest = digest_of_link(link);
    if (is_link(digest, *people)) return exchange(link, secret);
    if (was_used(digest)) return link_was_used();
    return error_answer(401, "unauthorized", "that link is not one of this server's, or was used before it started");
}

std::variant<Caller, Answer> InvitedReviewers::exchange(std::string_view link, std::string_view secret) {
    try {
        auto owner = file_.sign_in(link, secret, clock_.now());
        if (!owner) return after_use(secret);
        note_used(digest_of_link(link));
        return Caller{.reviewer = *std::move(owner), .is_one_of_several = true};
    } catch (const Error&) {
        return no_reviewers();
    }
}

/// For a link that was used just now, maybe by the same browser, which has asked twice at once.
std::variant<Caller, Answer> InvitedReviewers::after_use(std::string_view secret) {
    const auto people = people_.now();
    if (auto caller = signed_in_by(secret, *people)) return *std::move(caller);
    return link_was_used();
}

std::vector<Session> InvitedReviewers::sessions_of(const Caller& caller) {
    std::vector<Session> own;
    const auto people = people_.known();
    if (!people) return own;
    for (const InvitedReviewer& person : *people) {
        if (person.name != caller.reviewer) continue;
        for (const ReviewerSession& session : person.sessions)
            own.push_back(shown(session));
    }
    return own;
}

std::optional<Session> InvitedReviewers::end_session(const Caller& caller, std::string_view id) {
    try {
        const auto people = people_.now();
        const Found found = find_own(id, caller.reviewer, *people);
        if (found.session == nullptr || !file_.sign_out(caller.reviewer, found.session->secret)) return std::nullopt;
        return shown(*found.session);
    } catch (const Error&) {
        throw Error(ErrorCode::storage_busy, "the file of reviewers cannot be written now, and nobody was signed out");
    }
}

Session InvitedReviewers::shown(const ReviewerSession& session) {
    const std::lock_guard lock(mutex_);
    const auto seen = seen_at_.find(session.secret);
    return {id_of(session), session.since, seen == seen_at_.end() ? session.since : seen->second};
}

void InvitedReviewers::note_seen(const Digest& secret) {
    const std::lock_guard lock(mutex_);
    if (seen_at_.size() == most_remembered) seen_at_.clear();
    seen_at_[secret] = clock_.now();
}

void InvitedReviewers::note_used(const Digest& link) {
    const std::lock_guard lock(mutex_);
    if (used_.size() == most_remembered) used_.pop_front();
    used_.push_back(link);
}

bool InvitedReviewers::was_used(const Digest& link) {
    const std::lock_guard lock(mutex_);
    return std::any_of(used_.begin(), used_.end(), [&](const Digest& used) { return same_digest(used, link); });
}

std::string InvitedReviewers::make_link() {
    throw Error(ErrorCode::invalid_option,
                "each reviewer's link is made by: approvekit-review invite NAME --reviewers FILE");
}

std::optional<Answer> InvitedReviewers::trouble() {
    return people_.known() ? std::nullopt : std::optional(no_reviewers());
}

}  // namespace approvekit::web
