#include "policy/reviewer_reader.hpp"

#include "approvekit/signer.hpp"
#include "policy/mapping_reader.hpp"
#include "text/fold.hpp"

#include <array>
#include <utility>

namespace approvekit::policy {
namespace {

constexpr std::size_t most_reviewers = 100;
constexpr std::size_t most_name_bytes = 128;
constexpr std::size_t most_key_bytes = 128;

}  // namespace

std::vector<TrustedReviewer> ReviewerReader::read(const Node& list, const std::string& path) {
    const auto* items = values_.list(list, path, "reviewers");
    if (items == nullptr) return {};
    if (items->empty()) {
        values_.report(list, path, "nobody could decide; leave the key out where decisions need no signature");
    }
    if (items->size() > most_reviewers) {
        values_.report(list, path, "has more than " + std::to_string(most_reviewers) + " reviewers");
        return {};
    }
    for (std::size_t index = 0; index < items->size(); ++index)
        read_one((*items)[index], child_path(path, index));
    return std::move(reviewers_);
}

void ReviewerReader::read_one(const Node& node, const std::string& path) {
    static constexpr std::array<KnownKey<ReviewerReader>, 2> keys = {{
        {"name", &ReviewerReader::read_name},
        {"key", &ReviewerReader::read_key},
    }};
    reviewer_ = TrustedReviewer();
    if (!values_.is_mapping(node, path)) return;
    read_mapping(node, path, keys, *this, problems_);
    check_as_a_whole(node, path);
    reviewers_.push_back(std::move(reviewer_));
}

void ReviewerReader::read_name(const Node& value, const std::string& path) {
    reviewer_.name = values_.name(value, path, most_name_bytes).value_or("");
}

void ReviewerReader::read_key(const Node& value, const std::string& path) {
    const auto key = values_.name(value, path, most_key_bytes);
    if (!key) return;
    if (key->starts_with(public_key_prefix)) reviewer_.public_key = key->substr(public_key_prefix.size());
    if (!is_public_key(reviewer_.public_key)) {
        values_.report(value, path, "is not a public key; expected \"ed25519:\" and 32 bytes in base64");
    }
}

void ReviewerReader::check_as_a_whole(const Node& node, const std::string& path) {
    if (node.find("name") == nullptr) values_.report(node, path, "has no name");
    if (node.find("key") == nullptr) values_.report(node, path, "has no key");
    for (const TrustedReviewer& other : reviewers_) {
        if (!reviewer_.name.empty() && text::composed(other.name) == text::composed(reviewer_.name)) {
            values_.report(node, path, "the name " + quote(reviewer_.name) + " appears twice");
        }
        if (!reviewer_.public_key.empty() && other.public_key == reviewer_.public_key) {
            values_.report(node, path, "has the key of " + quote(other.name));
        }
    }
}

}  // namespace approvekit::policy
