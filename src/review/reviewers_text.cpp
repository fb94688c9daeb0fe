#include "review/reviewers_text.hpp"

#include "approvekit/clock.hpp"
#include "approvekit/error.hpp"
#include "approvekit/json.hpp"
#include "keys/reviewer_name.hpp"
#include "policy/document.hpp"
#include "policy/value_reader.hpp"
#include "policy/yaml_source.hpp"
#include "text/fold.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <utility>

namespace approvekit::review {
namespace {

using policy::child_path;
using policy::KnownKey;
using policy::Node;
using policy::Problems;
using policy::quote;

constexpr std::size_t most_listed_name_bytes = 128;  // as in a policy
constexpr std::string_view digest_prefix = "blake2b:";

std::optional<Digest> parse_digest(std::string_view text) {
    if (!text.starts_with(digest_prefix)) return std::nullopt;
    const std::string_view digits = text.substr(digest_prefix.size());
    Digest digest{};
    if (digits.size() != 2 * digest.size()) return std::nullopt;
    for (std::size_t at = 0; at < digest.size(); ++at) {
        const char* const pair = digits.data() + 2 * at;
        if (std::from_chars(pair, pair + 2, digest[at], 16).ptr != pair + 2) return std::nullopt;
    }
    // Only the spelling in which it was written, no other spelling of the same number.
    return to_hex(digest) == digits ? std::optional(digest) : std::nullopt;
}

/// Reads the list of reviewers. Reports everything that is wrong with it.
class ReviewersReader {
public:
    explicit ReviewersReader(Problems& problems) : problems_(problems), values_(problems) {}

    /// The result counts only if nothing was reported.
    std::vector<InvitedReviewer> read(const Node& document) {
        static constexpr std::array<KnownKey<ReviewersReader>, 1> keys = {{{"reviewers", &ReviewersReader::read_list}}};
        if (!values_.is_mapping(document, "")) return {};
        read_mapping(document, "", keys, *this, problems_);
        if (document.find("reviewers") == nullptr) values_.report(document, "", "has no reviewers");
        return std::move(reviewers_);
    }

private:
    void read_list(const Node& value, const std::string& path) {
        for_each(value, path, "reviewers", ReviewersFile::most_reviewers,
                 [&](const Node& item, const std::string& place) { read_one(item, place); });
    }

    void read_one(const Node& node, const std::string& path) {
        static constexpr std::array<KnownKey<ReviewersReader>, 4> keys = {{
            {"name", &ReviewersReader::read_name},
            {"groups", &ReviewersReader::read_groups},
            {"links", &ReviewersReader::read_links},
            {"sessions", &ReviewersReader::read_sessions},
        }};
        reviewer_ = InvitedReviewer();
        if (!values_.is_mapping(node, path)) return;
        read_mapping(node, path, keys, *this, problems_);
        if (node.find("name") == nullptr) values_.report(node, path, "has no name");
        reviewers_.push_back(std::move(reviewer_));
    }

    void read_name(const Node& value, const std::string& path) {
        const auto name = values_.name(value, path, most_listed_name_bytes);
        if (!name) return;
        const std::string fault = fault_of_listed_name(*name);
        if (!fault.empty()) return values_.report(value, path, quote(*name) + " " + fault);
        const auto [other, is_new] = people_.emplace(keys::person_of(*name), *name);
        if (!is_new) {
            return values_.report(value, path,
                                  quote(*name) + " and " + quote(other->second) +
                                      " are one person; list each person once, under one name");
        }
        reviewer_.name = *name;
    }

    void read_groups(const Node& value, const std::string& path) {
        for_each(value, path, "groups", ReviewersFile::most_groups, [&](const Node& item, const std::string& place) {
            if (const auto group = values_.name(item, place, most_listed_name_bytes))
                reviewer_.groups.push_back(*group);
        });
    }

    void read_links(const Node& value, const std::string& path) {
        for_each(value, path, "links", ReviewersFile::most_links, [&](const Node& item, const std::string& place) {
            if (const auto link = read_digest(item, place)) reviewer_.links.push_back(*link);
        });
    }

    void read_sessions(const Node& value, const std::string& path) {
        for_each(value, path, "sessions", ReviewersFile::most_sessions,
                 [&](const Node& item, const std::string& place) { read_session(item, place); });
    }

    void read_session(const Node& node, const std::string& path) {
        static constexpr std::array<KnownKey<ReviewersReader>, 2> keys = {{
            {"secret", &ReviewersReader::read_secret},
            {"since", &ReviewersReader::read_since},
        }};
        session_ = ReviewerSession();
        if (!values_.is_mapping(node, path)) return;
        read_mapping(node, path, keys, *this, problems_);
        for (const auto& key : keys) {
            if (node.find(key.name) == nullptr) values_.report(node, path, "has no " + std::string(key.name));
        }
        reviewer_.sessions.push_back(session_);
    }

    void read_secret(const Node& value, const std::string& path) {
        session_.secret = read_digest(value, path).value_or(Digest());
    }

    void read_since(const Node& value, const std::string& path) {
        const auto time = value.is_text() ? parse_time(policy::text_of(value)) : std::nullopt;
        if (!time) values_.report(value, path, "expected a time in UTC in quotes, such as \"2026-01-31T09:05:00\"");
        session_.since = time.value_or(Time());
    }

    /// Reads a digest, which must not be there twice.
    std::optional<Digest> read_digest(const Node& value, const std::string& path) {
        const auto digest = value.is_text() ? parse_digest(policy::text_of(value)) : std::nullopt;
        if (!digest) {
            values_.report(value, path, "is not a digest; let approvekit-review invite write the file");
        } else if (!digests_.insert(*digest).second) {
            values_.report(value, path, "appears twice; each link and session belongs to one person");
        }
        return digest;
    }

    template <typename Read>
    void for_each(const Node& value, const std::string& path, const std::string& what, std::size_t most, Read read) {
        const auto* const items = values_.list(value, path, what);
        if (items == nullptr) return;
        if (items->size() > most) return report_too_many(value, path, items->size());
        for (std::size_t index = 0; index < items->size(); ++index)
            read((*items)[index], child_path(path, index));
    }

    void report_too_many(const Node& value, const std::string& path, std::size_t count) {
        values_.report(value, path, "has " + std::to_string(count) + " entries, which is more than it may have");
    }

    Problems& problems_;
    policy::ValueReader values_;
    InvitedReviewer reviewer_;
    ReviewerSession session_;
    std::vector<InvitedReviewer> reviewers_;
    std::map<std::string, std::string> people_;  // names, by person
    std::set<Digest> digests_;
};

std::optional<Node> document_in(std::string_view text, policy::Format format, Problems& problems) {
    if (const auto hidden = policy::find_hidden_character(text)) {
        problems.add(hidden->offset, {}, "names must look like what they are, but here is " + hidden->what);
        return std::nullopt;
    }
    return format == policy::Format::yaml ? policy::read_yaml(text, problems)
                                          : policy::read_json_document(text, problems);
}

/// Throws Error if there are any.
void require_no_problems(Problems problems) {
    std::string words;
    for (const PolicyProblem& problem : problems.take())
        words += (words.empty() ? "" : "\n") + problem.text();
    if (!words.empty()) throw Error(ErrorCode::invalid_option, words);
}

std::string digest_text(const Digest& digest) {
    return std::string(digest_prefix) + to_hex(digest);
}

Json link_texts(const InvitedReviewer& reviewer) {
    Json texts = Json::array();
    for (const Digest& link : reviewer.links)
        texts.push_back(digest_text(link));
    return texts;
}

Json session_texts(const InvitedReviewer& reviewer) {
    Json texts = Json::array();
    for (const ReviewerSession& session : reviewer.sessions)
        texts.push_back({{"secret", digest_text(session.secret)}, {"since", to_text(session.since)}});
    return texts;
}

void write_yaml_list(std::ostream& text, const char* key, const Json& items) {
    text << "    " << key << ":" << (items.empty() ? " []\n" : "\n");
    for (const Json& item : items) {
        text << "      - ";
        if (item.is_string()) {
            text << item.dump() << '\n';
        } else {
            text << "{secret: " << item.at("secret").dump() << ", since: " << item.at("since").dump() << "}\n";
        }
    }
}

/// Names have no characters that YAML reads differently from JSON between double quotes.
std::string reviewers_yaml(const std::vector<InvitedReviewer>& reviewers) {
    std::ostringstream text;
    text << "# Who may decide at approvekit-web --reviewers. Written by approvekit-review and approvekit-web, which "
            "keep no "
            "comments.\n"
         << "reviewers:" << (reviewers.empty() ? " []\n" : "\n");
    for (const InvitedReviewer& reviewer : reviewers) {
        text << "  - name: " << Json(reviewer.name).dump() << '\n';
        if (!reviewer.groups.empty()) text << "    groups: " << Json(reviewer.groups).dump() << '\n';
        write_yaml_list(text, "links", link_texts(reviewer));
        if (!reviewer.sessions.empty()) write_yaml_list(text, "sessions", session_texts(reviewer));
    }
    return text.str();
}

std::string reviewers_json(const std::vector<InvitedReviewer>& reviewers) {
    Json list = Json::array();
    for (const InvitedReviewer& reviewer : reviewers) {
        Json one = {{"name", reviewer.name}, {"links", link_texts(reviewer)}};
        if (!reviewer.groups.empty()) one["groups"] = reviewer.groups;
        if (!reviewer.sessions.empty()) one["sessions"] = session_texts(reviewer);
        list.push_back(std::move(one));
    }
    constexpr int indent = 2;
    return Json{{"reviewers", std::move(list)}}.dump(indent) + "\n";
}

}  // namespace

std::string fault_of_listed_name(std::string_view name) {
    if (std::string fault = keys::fault_of_reviewer_name(name); !fault.empty()) return fault;
    if (name.size() > most_listed_name_bytes) {
        return "is longer than " + std::to_string(most_listed_name_bytes) + " bytes";
    }
    return text::composed(name) == name ? "" : "is not written as Unicode composes it (NFC)";
}

std::vector<InvitedReviewer> parse_reviewers(std::string_view raw, policy::Format format, const std::string& file) {
    const std::string text = policy::plain_lines(raw);
    Problems problems(file, text);
    const auto document = document_in(text, format, problems);
    std::vector<InvitedReviewer> reviewers;
    if (document) reviewers = ReviewersReader(problems).read(*document);
    if (!document && problems.empty()) problems.add(0, {}, "the file is empty; for no reviewers, write: reviewers: []");
    require_no_problems(std::move(problems));
    return reviewers;
}

std::string reviewers_text(const std::vector<InvitedReviewer>& reviewers, policy::Format format) {
    return format == policy::Format::yaml ? reviewers_yaml(reviewers) : reviewers_json(reviewers);
}

}  // namespace approvekit::review
