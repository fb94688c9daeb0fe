#include "web/invited_reviewers.hpp"

#include "approvekit/error.hpp"

#include <utility>
#include <vector>

namespace approvekit::web {
namespace {

/// The name of whoever that link was made for; empty: of nobody. Looks at every link, so that the time tells nothing.
std::string owner_of(const Digest& link, const std::vector<InvitedReviewer>& people) {
    std::string owner;
    for (const InvitedReviewer& person : people) {
        for (const Digest& own : person.links) {
            if (same_digest(own, link)) owner = person.name;
        }
    }
    return owner;
}

bool counts(const Session& session, const std::vector<InvitedReviewer>& people) {
    return owner_of(session.link, people) == session.reviewer;
}

}  // namespace

Answer no_reviewers() {
    return error_answer(503, "reviewers_unreadable",
                        "the file of reviewers cannot be read or trusted, so nobody is let in; whoever runs the server "
                        "finds out why by: approvekit-review reviewers list");
}

InvitedReviewers::InvitedReviewers(const std::filesystem::path& file, Sessions& sessions, const Clock& clock)
    : sessions_(sessions), clock_(clock), file_(file, clock) {
    static_cast<void>(file_.now());
}

std::variant<Caller, Answer> InvitedReviewers::identify(const RequestHead& head) {
    const auto people = file_.known();
    if (!people) return no_reviewers();
    const std::string_view secret = bearer_secret(head);
    auto session = secret.empty() ? std::nullopt : sessions_.find(secret, clock_.now());
    if (!session) return unauthorized("open a link that was made for you");
    if (!counts(*session, *people)) return unauthorized("you are not a reviewer here any more");
    return Caller{
        .reviewer = std::move(session->reviewer), .session = std::move(session->id), .is_one_of_several = true};
}

bool InvitedReviewers::still_knows(const Caller& caller) {
    const auto session = sessions_.find_by_id(caller.session);
    const auto people = file_.known();
    return session && people && counts(*session, *people);
}

std::variant<Caller, Answer> InvitedReviewers::sign_in(std::string_view link, std::string_view secret) {
    const auto people = file_.known();
    if (!people) return no_reviewers();
    const Digest digest = digest_of_link(link);
    std::string owner = owner_of(digest, *people);
    if (owner.empty()) return error_answer(401, "unauthorized", "that link is not one of this server's");
    if (is_used(digest, secret) || !sessions_.open(secret, owner, digest, clock_.now())) {
        return error_answer(401, "link_used", "that link has signed in a browser already; ask for another one");
    }
    return Caller{.reviewer = std::move(owner)};
}

/// What was used is remembered for as long as the server runs, also of a link that was taken out of the file and put back.
bool InvitedReviewers::is_used(const Digest& link, std::string_view secret) {
    const std::lock_guard lock(mutex_);
    return !uses_[link].grants(secret, clock_.since_boot());
}

std::string InvitedReviewers::make_link() {
    throw Error(ErrorCode::invalid_option,
                "each reviewer's link is made by: approvekit-review invite NAME --reviewers FILE");
}

std::optional<Answer> InvitedReviewers::trouble() {
    return file_.known() ? std::nullopt : std::optional(no_reviewers());
}

}  // namespace approvekit::web
