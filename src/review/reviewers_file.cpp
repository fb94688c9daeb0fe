#include "approvekit/reviewers_file.hpp"

#include "approvekit/error.hpp"
#include "keys/reviewer_name.hpp"
#include "review/reviewers_text.hpp"
#include "review/trusted_file.hpp"
#include "review/watched_reviewers.hpp"
#include "text/utf8.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace approvekit {
namespace review {
namespace {

constexpr std::size_t link_bytes = 32;

std::string in_marks(std::string_view name) {
    return "'" + std::string(name) + "'";
}

[[noreturn]] void refuse_invitation(const std::string& why) {
    throw Error(ErrorCode::invalid_option, why);
}

void add_groups(InvitedReviewer& reviewer, const std::vector<std::string>& groups) {
    for (const std::string& group : groups) {
        if (std::find(reviewer.groups.begin(), reviewer.groups.end(), group) == reviewer.groups.end())
            reviewer.groups.push_back(group);
    }
}

/// Returns the reviewer of that name. Adds one if nobody in the list is that person.
InvitedReviewer& invited(std::vector<InvitedReviewer>& reviewers, const std::string& name) {
    const std::string person = keys::person_of(name);
    for (InvitedReviewer& reviewer : reviewers) {
        if (reviewer.name == name) return reviewer;
        if (keys::person_of(reviewer.name) != person) continue;
        refuse_invitation(in_marks(name) + " and " + in_marks(reviewer.name) +
                          ", who is listed, are one person; invite them by that name");
    }
    if (reviewers.size() == ReviewersFile::most_reviewers)
        refuse_invitation("the file already has the maximum number of reviewers");
    return reviewers.emplace_back(InvitedReviewer{.name = name});
}

/// Nobody else changes the file during `change`, which returns whether it changed anything. Before the result is
/// written, it is read as a reader will read it.
void change_file(const std::filesystem::path& path, bool may_be_missing,
                 const std::function<bool(std::vector<InvitedReviewer>&)>& change) {
    TrustedFile file(path);
    file.lock();
    const auto before = file.read(most_reviewers_bytes);
    if (!before && !may_be_missing) throw Error(ErrorCode::invalid_option, path.string() + ": it is not there");
    const policy::Format format = format_of_reviewers(path);
    auto reviewers = before ? parse_reviewers(before->text, format, path.string()) : std::vector<InvitedReviewer>();
    if (!change(reviewers)) return;
    const std::string text = reviewers_text(reviewers, format);
    static_cast<void>(parse_reviewers(text, format, "what would be written to " + path.string()));
    if (text.size() > most_reviewers_bytes) refuse_invitation(path.string() + ": it would be larger than it may be");
    file.replace(text, before ? std::optional(before->owner) : std::nullopt);
}

/// Replaces the link by a session, if it is one of the reviewer's links.
bool exchange(InvitedReviewer& reviewer, const Digest& link, const ReviewerSession& session) {
    if (std::erase(reviewer.links, link) == 0) return false;
    if (reviewer.sessions.size() == ReviewersFile::most_sessions) reviewer.sessions.erase(reviewer.sessions.begin());
    reviewer.sessions.push_back(session);
    return true;
}

}  // namespace

policy::Format format_of_reviewers(const std::filesystem::path& path) {
    const std::string extension = path.extension().string();
    if (extension == ".yaml" || extension == ".yml") return policy::Format::yaml;
    if (extension == ".json") return policy::Format::json;
    refuse_invitation(path.string() + ": the name of a file of reviewers ends in .yaml, .yml or .json");
}

}  // namespace review

ReviewersFile::ReviewersFile(std::filesystem::path path) : path_(std::move(path)) {
    static_cast<void>(review::format_of_reviewers(path_));
}

std::vector<InvitedReviewer> ReviewersFile::read() const {
    return review::load_reviewers(path_);
}

std::string ReviewersFile::invite(const std::string& name, const std::vector<std::string>& groups) {
    if (const std::string fault = review::fault_of_listed_name(name); !fault.empty()) {
        review::refuse_invitation("the reviewer's name " + fault + "; name the person who decides");
    }
    // Whatever else is wrong with a group is reported by whoever reads it. These bytes could not be written.
    if (!std::all_of(groups.begin(), groups.end(), text::is_utf8)) review::refuse_invitation("a group is not UTF-8");
    std::string key = random_hex(review::link_bytes);
    review::change_file(path_, true, [&](std::vector<InvitedReviewer>& reviewers) {
        InvitedReviewer& reviewer = review::invited(reviewers, name);
        if (reviewer.links.size() == most_links) {
            review::refuse_invitation(review::in_marks(name) + " has " + std::to_string(most_links) +
                                      " links that nobody has used; remove the name and invite it again");
        }
        reviewer.links.push_back(digest_of_link(key));
        review::add_groups(reviewer, groups);
        return true;
    });
    return key;
}

void ReviewersFile::remove(std::string_view name) {
    review::change_file(path_, false, [&](std::vector<InvitedReviewer>& reviewers) {
        const auto is_it = [&](const InvitedReviewer& reviewer) { return reviewer.name == name; };
        if (std::erase_if(reviewers, is_it) > 0) return true;
        throw Error(ErrorCode::not_found, "nobody in " + path_.string() + " has the name " + review::in_marks(name));
    });
}

std::optional<std::string> ReviewersFile::sign_in(std::string_view key, std::string_view secret, Time now) {
    const ReviewerSession session{digest_of_session(secret), now};
    std::optional<std::string> owner;
    review::change_file(path_, false, [&](std::vector<InvitedReviewer>& reviewers) {
        for (InvitedReviewer& reviewer : reviewers) {
            if (review::exchange(reviewer, digest_of_link(key), session)) owner = reviewer.name;
        }
        return owner.has_value();
    });
    return owner;
}

bool ReviewersFile::sign_out(std::string_view name, const Digest& secret) {
    std::size_t ended = 0;
    review::change_file(path_, false, [&](std::vector<InvitedReviewer>& reviewers) {
        for (InvitedReviewer& reviewer : reviewers) {
            if (reviewer.name != name) continue;
            ended += std::erase_if(reviewer.sessions, [&](const auto& session) { return session.secret == secret; });
        }
        return ended > 0;
    });
    return ended > 0;
}

Digest digest_of_link(std::string_view key) {
    return digest_of_fields({"approvekit link 1", key});
}

Digest digest_of_session(std::string_view secret) {
    return digest_of_fields({"approvekit session 1", secret});
}

}  // namespace approvekit
