#include "policy/reviewer_reader.hpp"

#include "approvekit/metadata_keys.hpp"
#include "approvekit/signer.hpp"
#include "policy/condition.hpp"
#include "policy/value_reader.hpp"
#include "text/fold.hpp"

#include <array>
#include <optional>
#include <utility>

namespace approvekit::policy {
namespace {

constexpr std::size_t most_reviewers = 100;
constexpr std::size_t most_name_bytes = 128;
constexpr std::size_t most_key_bytes = 128;

constexpr std::size_t most_groups = 100;
constexpr std::size_t most_people = 100;
constexpr std::size_t most_person_bytes = 128;
constexpr std::int64_t most_approvals = 100;

const Node* child_of(const Node* node, const std::string& key) {
    return node == nullptr ? nullptr : node->find(key);
}

const Node* item_of(const Node* node, std::size_t index) {
    return node == nullptr || index >= node->items.size() ? node : &node->items[index];
}

/// Whether people may have to decide on a call that matches the rule.
bool may_hold(const PolicyRule& rule) {
    return rule.require_approval || (rule.limit && rule.limit->beyond == Beyond::hold);
}

/// Returns the node of `document` that has the fault, or the nearest one that exists.
const Node& place_of(const CircleFault& fault, const Node& document) {
    const Node* node = document.find(reviewers_key);
    if (fault.rule) node = item_of(document.find("rules"), *fault.rule);
    if (!fault.group.empty()) node = child_of(document.find("groups"), fault.group);
    if (node == nullptr) return document;
    const Node* within = fault.key.empty() ? node : node->find(fault.key);
    if (fault.key == escalate_key) within = child_of(within, escalate_to_key);
    if (within == nullptr) return *node;
    return fault.index ? *item_of(within, *fault.index) : *within;
}

constexpr std::size_t most_paths = 64;
constexpr std::size_t most_path_bytes = 256;

/// Returns why it may not be listed with those before it, or an empty text if it may.
std::string fault_of_path(const Subject& subject, const std::vector<Subject>& before, const std::string& may) {
    for (const Subject& other : before) {
        if (other.covers(subject)) return "lies in " + quote(other.text()) + ", which may " + may + " as a whole";
        if (subject.covers(other))
            return "holds " + quote(other.text()) + ", which may " + may + " alone; name one of them";
    }
    return "";
}

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

ReviewerGroups QuorumReader::groups(const Node& value, const std::string& path) {
    ReviewerGroups groups;
    if (!values_.is_mapping(value, path)) return groups;
    if (value.entries.size() > most_groups) {
        values_.report(value, path, "has more than " + std::to_string(most_groups) + " groups");
        return groups;
    }
    for (const Entry& entry : value.entries) {
        const std::string place = child_path(path, entry.key);
        const Node name{
            .kind = Node::Kind::scalar, .offset = entry.offset, .value = entry.key, .items = {}, .entries = {}};
        if (values_.name(name, place, most_person_bytes)) groups[entry.key] = names(entry.value, place);
    }
    return groups;
}

std::vector<std::string> QuorumReader::names(const Node& value, const std::string& path) {
    const auto* items = values_.list(value, path, "names");
    if (items == nullptr) return {};
    if (items->empty()) values_.report(value, path, "names nobody; leave it out where everybody may decide");
    if (items->size() > most_people) {
        values_.report(value, path, "has more than " + std::to_string(most_people) + " names");
        return {};
    }
    std::vector<std::string> names;
    for (std::size_t index = 0; index < items->size(); ++index)
        names.push_back(values_.name((*items)[index], child_path(path, index), most_person_bytes).value_or(""));
    return names;
}

std::size_t QuorumReader::approvals(const Node& value, const std::string& path) {
    const bool is_number = value.is(Node::Kind::scalar) && value.value.is_number_integer();
    if (is_number && value.value >= 1 && value.value <= most_approvals) return value.value.get<std::size_t>();
    if (!value.is(Node::Kind::refused)) {
        values_.report(
            value, path,
            "expected a whole number from 1 to " + std::to_string(most_approvals) + ", found " + describe(value));
    }
    return 1;
}

std::optional<PolicyEscalation> QuorumReader::escalation(const Node& value, const std::string& path) {
    static constexpr std::array<KnownKey<QuorumReader>, 2> keys = {{
        {escalate_after_key, &QuorumReader::read_after},
        {escalate_to_key, &QuorumReader::read_to},
    }};
    escalation_ = {};
    if (!values_.is_mapping(value, path)) return std::nullopt;
    read_mapping(value, path, keys, *this, problems_);
    for (const auto& key : keys) {
        if (value.find(key.name) == nullptr) values_.report(value, path, "has no " + std::string(key.name));
    }
    return std::move(escalation_);
}

void QuorumReader::read_after(const Node& value, const std::string& path) {
    escalation_.after = values_.timeout(value, path).value_or(escalation_.after);
}

void QuorumReader::read_to(const Node& value, const std::string& path) {
    escalation_.to = names(value, path);
}

void QuorumReader::check(const PolicyRule& rule, const Node& node, const std::string& path) {
    if (!has_quorum(rule)) return;
    if (!may_hold(rule)) {
        values_.report(
            node, path,
            "says who decides, and holds nothing: approvals, reviewers, not_requester and escalate go beside "
            "require_approval: true, or a limit beyond which calls are held");
    }
    if (!rule.escalate) return;
    const Node& escalate = *node.find(escalate_key);
    const std::string place = child_path(path, escalate_key);
    if (rule.reviewers.empty()) {
        values_.report(escalate, place, "widens nothing: everybody may decide where there are no reviewers");
    }
    if (rule.escalate->after >= rule.timeout) {
        values_.report(escalate, place, "never happens: the call has timed out by then");
    }
}

void QuorumReader::check_answer(const PolicyRule& rule, const Node& node, const std::string& path) {
    if (!rule.allow_answer) return;
    if (!may_hold(rule)) {
        values_.report(
            node, path,
            "lets calls be answered, and holds nothing: allow_answer goes beside require_approval: true, or a "
            "limit beyond which calls are held");
    }
    if (rule.approvals > 1) {
        values_.report(node, path,
                       "takes " + std::to_string(rule.approvals) +
                           " approvals, and an answer is one person's: leave out allow_answer, or approvals");
    }
}

void QuorumReader::report(const std::vector<CircleFault>& faults, const Node& document) {
    for (const CircleFault& fault : faults)
        values_.report(place_of(fault, document), fault.path(), fault.message);
}

std::vector<std::string> read_argument_paths(const ValueReader& values, const Node& value, const std::string& path,
                                             const std::string& may) {
    const auto* const items = values.list(value, path, "arguments");
    if (items == nullptr) return {};
    if (items->empty()) values.report(value, path, "names nothing; leave it out where nothing may " + may);
    if (items->size() > most_paths) {
        values.report(value, path, "has more than " + std::to_string(most_paths) + " arguments");
        return {};
    }
    std::vector<std::string> paths;
    std::vector<Subject> subjects;
    for (std::size_t index = 0; index < items->size(); ++index) {
        const Node& item = (*items)[index];
        const std::string place = child_path(path, index);
        const auto text = values.name(item, place, most_path_bytes);
        if (!text) continue;
        auto subject = Subject::parse(*text);
        if (!subject || !subject->is_argument()) {
            values.report(item, place, quote(*text) + " is not an argument; they are written args.body, args.files[0]");
            continue;
        }
        if (const std::string fault = fault_of_path(*subject, subjects, may); !fault.empty())
            values.report(item, place, quote(*text) + " " + fault);
        subjects.push_back(*std::move(subject));
        paths.push_back(*text);
    }
    return paths;
}

}  // namespace approvekit::policy
