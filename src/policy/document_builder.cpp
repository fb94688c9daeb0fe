#include "policy/document_builder.hpp"

#include "json/strict_reader.hpp"

#include <string>
#include <utility>

namespace approvekit::policy {
namespace {

// A policy needs four levels and some more for metadata; a thousand full rules are some 25,000 nodes.
constexpr std::size_t most_levels = 32;
constexpr std::size_t most_nodes = 40'000;

std::string key_fault(const Node& node) {
    if (!node.is(Node::Kind::word)) return "a key must be a text, not " + describe(node);
    if (text_of(node).empty()) return "the key is missing";
    if (text_of(node) == "<<") return "merge keys (<<) are not supported; write the keys out";
    return "a key must be a text, not " + describe(node) + "; write it in quotes if it is meant so";
}

/// Passes the parts of a JSON text on. The builder reports what appears twice, so that all of it is reported.
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

// The builder stops at its own depth long before the stack could matter.
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
        const JsonLimits limits{.bytes = text.size(), .depth = text.size()};  // the builder has its own
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
