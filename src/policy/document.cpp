#include "policy/document.hpp"

#include "json/strict_reader.hpp"
#include "text/escape.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

namespace approvekit::policy {
namespace {

constexpr std::size_t most_quoted_bytes = 80;

bool is_plain(std::string_view key) {
    return !key.empty() && key.size() <= most_quoted_bytes &&
           key.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") ==
               std::string_view::npos;
}

std::string describe_scalar(const Json& value) {
    if (value.is_string()) return "the text " + quote(value.get_ref<const std::string&>());
    if (value.is_binary()) return "a binary value";
    if (value.is_number()) return "the number " + value.dump();
    return value.dump();
}

}  // namespace

void Problems::add(std::size_t offset, std::string path, std::string message) {
    keep({.offset = offset, .problem = {.file = file_, .path = std::move(path), .message = std::move(message)}});
}

void Problems::add(json::TextPosition position, std::string message) {
    keep({.offset = std::numeric_limits<std::size_t>::max(),
          .problem = {.file = file_,
                      .line = position.line,
                      .column = position.column,
                      .path = {},
                      .message = std::move(message)}});
}

void Problems::keep(Found found) {
    if (is_full()) {
        ++left_out_;
    } else {
        found_.push_back(std::move(found));
    }
}

std::vector<PolicyProblem> Problems::take() {
    std::stable_sort(found_.begin(), found_.end(),
                     [](const Found& left, const Found& right) { return left.offset < right.offset; });
    json::TextCursor cursor(text_);
    std::vector<PolicyProblem> problems;
    for (Found& found : found_) {
        if (has_text_ && found.problem.line == 0) {
            const json::TextPosition position = cursor.at(found.offset);
            found.problem.line = position.line;
            found.problem.column = position.column;
        }
        problems.push_back(std::move(found.problem));
    }
    if (left_out_ > 0) {
        problems.push_back(
            {.file = file_, .path = {}, .message = "and " + std::to_string(left_out_) + " more problems"});
    }
    return problems;
}

std::string child_path(const std::string& path, std::string_view key) {
    const std::string step = is_plain(key) ? std::string(key) : quote(key);
    return path.empty() ? step : path + "." + step;
}

std::string child_path(const std::string& path, std::size_t index) {
    return path + "[" + std::to_string(index) + "]";
}

std::string quote(std::string_view text) {
    const bool whole = text.size() <= most_quoted_bytes;
    return '"' + text::escape(text.substr(0, most_quoted_bytes)) + (whole ? "\"" : "...\"");
}

const Node* Node::find(std::string_view key) const noexcept {
    const auto found =
        std::find_if(entries.begin(), entries.end(), [key](const Entry& entry) { return entry.key == key; });
    return found == entries.end() ? nullptr : &found->value;
}

std::string describe(const Node& node) {
    switch (node.kind) {
        case Node::Kind::scalar:
            return describe_scalar(node.value);
        case Node::Kind::word:
            return text_of(node).empty() ? "nothing" : "the bare word " + quote(text_of(node));
        case Node::Kind::sequence:
            return "a list";
        case Node::Kind::mapping:
            return "a mapping";
        case Node::Kind::refused:
            break;
    }
    return "what was refused";
}

namespace {

// A policy needs four levels, and some more for metadata. A thousand full rules have about 25,000 nodes.
constexpr std::size_t most_levels = 32;
constexpr std::size_t most_nodes = 40'000;

std::string key_fault(const Node& node) {
    if (!node.is(Node::Kind::word)) return "a key must be a text, not " + describe(node);
    if (text_of(node).empty()) return "the key is missing";
    if (text_of(node) == "<<") return "merge keys (<<) are not supported; write the keys out";
    return "a key must be a text, not " + describe(node) + "; write it in quotes if it is meant so";
}

/// Passes the parts of a JSON text on. Accepts keys that appear twice, so that the builder can report all of them.
class Parts final : public json::JsonSink {
public:
    explicit Parts(DocumentBuilder& builder) : builder_(builder) {}

    void on_scalar(Json scalar, std::size_t offset) override { builder_.scalar(std::move(scalar), offset); }
    void on_object(std::size_t offset) override { builder_.open_mapping(offset); }
    void on_array(std::size_t offset) override { builder_.open_sequence(offset); }
    void on_end() override { builder_.close(); }
    [[nodiscard]] bool on_key(std::string key, std::size_t offset) override {
        builder_.scalar(std::move(key), offset);
        return true;
    }

private:
    DocumentBuilder& builder_;
};

// Recursion is safe: the builder stops at its own depth, long before the stack could matter.
void build(const Json& value, DocumentBuilder& builder) {  // NOLINT(misc-no-recursion)
    constexpr std::size_t nowhere = 0;
    if (value.is_object()) {
        builder.open_mapping(nowhere);
        for (const auto& [key, member] : value.items()) {
            builder.scalar(key, nowhere);
            build(member, builder);
        }
        builder.close();
    } else if (value.is_array()) {
        builder.open_sequence(nowhere);
        for (const Json& item : value)
            build(item, builder);
        builder.close();
    } else {
        builder.scalar(value, nowhere);
    }
}

}  // namespace

void DocumentBuilder::close() {
    Node node = std::move(open_.back().node);
    open_.pop_back();
    place(std::move(node));
}

bool DocumentBuilder::expects_key() const noexcept {
    return !open_.empty() && open_.back().node.is(Node::Kind::mapping) && !open_.back().key;
}

std::string DocumentBuilder::path() const {
    std::string path;
    for (const Container& container : open_) {
        if (container.key) {
            path = child_path(path, container.key->text);
        } else if (container.node.is(Node::Kind::sequence)) {
            path = child_path(path, container.node.items.size());
        }
    }
    return path;
}

Node DocumentBuilder::make(Node::Kind kind, Json value, std::size_t offset) {
    if (++nodes_ > most_nodes) {
        problems_.add(offset, {}, "larger than a policy may be: more than " + std::to_string(most_nodes) + " values");
        throw ReadingStopped();
    }
    return {.kind = kind, .offset = offset, .value = std::move(value), .items = {}, .entries = {}};
}

void DocumentBuilder::open(Node node) {
    if (open_.size() == most_levels) {
        problems_.add(node.offset, {}, "nested deeper than " + std::to_string(most_levels) + " levels");
        throw ReadingStopped();
    }
    open_.push_back({.node = std::move(node), .key = {}, .keys = {}});
}

void DocumentBuilder::place(Node node) {
    if (open_.empty()) {
        root_ = std::move(node);
    } else if (open_.back().node.is(Node::Kind::sequence)) {
        open_.back().node.items.push_back(std::move(node));
    } else {
        place_in(open_.back(), std::move(node));
    }
}

void DocumentBuilder::place_in(Container& mapping, Node node) {
    if (!mapping.key) {
        mapping.key = key_from(mapping, node);
        return;
    }
    const bool is_missing = node.is(Node::Kind::word) && text_of(node).empty();
    if (is_missing) node.offset = mapping.key->offset;  // where its author would look for it
    if (mapping.key->valid) {
        mapping.node.entries.push_back(
            {.key = std::move(mapping.key->text), .offset = mapping.key->offset, .value = std::move(node)});
    }
    mapping.key.reset();
}

DocumentBuilder::Key DocumentBuilder::key_from(Container& mapping, const Node& node) {
    if (!node.is_text()) {
        if (!node.is(Node::Kind::refused)) problems_.add(node.offset, path(), key_fault(node));
        return {.text = "?", .offset = node.offset, .valid = false};
    }
    const std::string& text = text_of(node);
    if (!mapping.keys.insert(text).second) {
        problems_.add(node.offset, child_path(path(), text), "a key that appears twice; only one of them can count");
        return {.text = text, .offset = node.offset, .valid = false};
    }
    return {.text = text, .offset = node.offset, .valid = true};
}

std::optional<Node> read_json_document(std::string_view text, Problems& problems) {
    DocumentBuilder builder(problems);
    Parts parts(builder);
    try {
        const JsonLimits limits{.bytes = text.size(), .depth = text.size()};  // the builder has its own limits
        if (const auto fault = json::read_json(text, limits, parts)) {
            problems.add(fault->position, "this is not JSON: " + fault->what);
            return std::nullopt;
        }
    } catch (const ReadingStopped&) {
        return std::nullopt;
    }
    return builder.take();
}

std::optional<Node> as_document(const Json& value, Problems& problems) {
    DocumentBuilder builder(problems);
    try {
        build(value, builder);
    } catch (const ReadingStopped&) {
        return std::nullopt;
    }
    return builder.take();
}

}  // namespace approvekit::policy
