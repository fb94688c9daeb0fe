#pragma once

#include "approvekit/error.hpp"
#include "approvekit/json.hpp"
#include "json/strict_reader.hpp"

#include <cstddef>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace approvekit::policy {

/// Collects what is to be said of one policy, so that its author sees everything at once.
class Problems {
public:
    /// For a policy that was built in code.
    Problems() = default;

    /// `text` is what offsets point into. It must outlive the list.
    Problems(std::string file, std::string_view text) : file_(std::move(file)), text_(text), has_text_(true) {}

    void add(std::size_t offset, std::string path, std::string message);

    /// For what is wrong with the text as such; it comes after everything that has an offset.
    void add(json::TextPosition position, std::string message);

    [[nodiscard]] bool empty() const noexcept { return found_.empty(); }

    /// Whether what comes now is only counted.
    [[nodiscard]] bool is_full() const noexcept { return found_.size() == most_listed; }

    /// Moves the list out, in the order of the text. A hundred are listed and the rest is counted.
    [[nodiscard]] std::vector<PolicyProblem> take();

private:
    static constexpr std::size_t most_listed = 100;

    struct Found {
        std::size_t offset;
        PolicyProblem problem;
    };
    void keep(Found found);

    std::string file_;
    std::string_view text_;
    bool has_text_ = false;
    std::vector<Found> found_;
    std::size_t left_out_ = 0;
};

/// "rules[2].timeout", whose parts are escaped where they do not look like what they are.
[[nodiscard]] std::string child_path(const std::string& path, std::string_view key);
[[nodiscard]] std::string child_path(const std::string& path, std::size_t index);

/// `text` in quotation marks, escaped and not longer than a line can bear: what an error may say of foreign text.
[[nodiscard]] std::string quote(std::string_view text);

struct Entry;

/// One value of a policy before anybody asked what it means, with the place where it stands.
/// YAML, JSON and values that were built in code all become this.
struct Node {
    enum class Kind {
        scalar,  ///< null, a boolean, a number or a text, and no doubt which
        word,    ///< YAML without quotes that its readers take for different things: yes, 010, ~
        sequence,
        mapping,
        refused,  ///< already reported; nobody looks into it
    };

    Kind kind = Kind::refused;
    std::size_t offset = 0;      ///< byte offset into the text of the policy; 0 when there is none
    Json value;                  ///< of a scalar; of a word what it reads
    std::vector<Node> items;     ///< of a sequence
    std::vector<Entry> entries;  ///< of a mapping, in the order of the text

    [[nodiscard]] bool is(Kind other) const noexcept { return kind == other; }
    [[nodiscard]] bool is_text() const noexcept { return kind == Kind::scalar && value.is_string(); }

    /// The value of `key` in a mapping, or nullptr.
    [[nodiscard]] const Node* find(std::string_view key) const noexcept;
};

struct Entry {
    std::string key;
    std::size_t offset = 0;
    Node value;
};

/// What stands there, for an error: "the text \"no\"", "a list", "nothing".
[[nodiscard]] std::string describe(const Node& node);

/// The text of a scalar that is one.
[[nodiscard]] inline const std::string& text_of(const Node& node) {
    return node.value.get_ref<const std::string&>();
}

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
