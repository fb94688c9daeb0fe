#pragma once

#include "approvekit/json.hpp"
#include "policy/document.hpp"

#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace approvekit::policy {

/// Thrown when a source cannot be read on. Why stands in the list of problems.
class ReadingStopped : public std::exception {
public:
    [[nodiscard]] const char* what() const noexcept override { return "the policy cannot be read on"; }
};

/// Puts a document together from its parts, whatever language they were written in.
///
/// Reports keys that appear twice and keys that are not texts. A document that is too deep or too large
/// is reported and ended with ReadingStopped before it costs anything.
class DocumentBuilder {
public:
    explicit DocumentBuilder(Problems& problems) : problems_(problems) {}

    void scalar(Json value, std::size_t offset) { place(make(Node::Kind::scalar, std::move(value), offset)); }
    void word(std::string text, std::size_t offset) { place(make(Node::Kind::word, std::move(text), offset)); }
    void refused(std::size_t offset) { place(make(Node::Kind::refused, nullptr, offset)); }
    void open_sequence(std::size_t offset) { open(make(Node::Kind::sequence, nullptr, offset)); }
    void open_mapping(std::size_t offset) { open(make(Node::Kind::mapping, nullptr, offset)); }
    void close();

    /// Whether the next part is a key.
    [[nodiscard]] bool expects_key() const noexcept;

    /// Where the next part goes: "rules[2].timeout".
    [[nodiscard]] std::string path() const;

    /// Moves the document out; nothing when it had no parts.
    [[nodiscard]] std::optional<Node> take() { return std::move(root_); }

private:
    struct Key {
        std::string text;
        std::size_t offset = 0;
        bool valid = false;
    };
    struct Container {
        Node node;
        std::optional<Key> key;  // of a mapping, whose value comes next
        std::unordered_set<std::string> keys;
    };

    [[nodiscard]] Node make(Node::Kind kind, Json value, std::size_t offset);
    void open(Node node);
    void place(Node node);
    void place_in(Container& mapping, Node node);
    [[nodiscard]] Key key_from(Container& mapping, const Node& node);

    Problems& problems_;
    std::vector<Container> open_;  // outermost first
    std::optional<Node> root_;
    std::size_t nodes_ = 0;
};

/// Reads the one JSON value that `text` must be. Nothing comes back from what cannot be parsed.
[[nodiscard]] std::optional<Node> read_json_document(std::string_view text, Problems& problems);

/// The document that stands for a value in memory; it has no places. Nothing for one that is too deep or too large.
[[nodiscard]] std::optional<Node> as_document(const Json& value, Problems& problems);

}  // namespace approvekit::policy
