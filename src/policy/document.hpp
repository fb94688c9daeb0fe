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

/// Collects everything there is to say about one policy, so that its author sees all of it at once.
class Problems {
public:
    /// For a policy that was built in code.
    Problems() = default;

    /// Offsets refer to `text`, which must outlive the list.
    Problems(std::string file, std::string_view text) : file_(std::move(file)), text_(text), has_text_(true) {}

    void add(std::size_t offset, std::string path, std::string message);

    /// For a fault of the text as such. It is listed after everything that has an offset.
    void add(json::TextPosition position, std::string message);

    [[nodiscard]] bool empty() const noexcept { return found_.empty(); }

    /// Whether further problems are only counted.
    [[nodiscard]] bool is_full() const noexcept { return found_.size() == most_listed; }

    /// Moves the list out, in the order of the text. It has up to a hundred problems; the rest is only counted.
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

/// Returns for example "rules[2].timeout". Parts that do not look like what they are get escaped.
[[nodiscard]] std::string child_path(const std::string& path, std::string_view key);
[[nodiscard]] std::string child_path(const std::string& path, std::size_t index);

/// Returns `text` in quotation marks, escaped and no longer than fits a line. Errors may quote foreign text only in
/// this form.
[[nodiscard]] std::string quote(std::string_view text);

struct Entry;

/// One value of a policy before anybody asked what it means, with its place in the text. YAML, JSON and values that
/// were built in code all become this.
struct Node {
    enum class Kind {
        scalar,  ///< null, a boolean, a number or a text, and it is clear which
        word,    ///< unquoted YAML that its readers understand differently: yes, 010, ~
        sequence,
        mapping,
        refused,  ///< already reported; nobody looks into it
    };

    Kind kind = Kind::refused;
    std::size_t offset = 0;      ///< byte offset into the text of the policy; 0 if there is none
    Json value;                  ///< of a scalar; of a word, its text
    std::vector<Node> items;     ///< of a sequence
    std::vector<Entry> entries;  ///< of a mapping, in the order of the text

    [[nodiscard]] bool is(Kind other) const noexcept { return kind == other; }
    [[nodiscard]] bool is_text() const noexcept { return kind == Kind::scalar && value.is_string(); }

    /// Returns the value of `key` in a mapping, or nullptr.
    [[nodiscard]] const Node* find(std::string_view key) const noexcept;
};

struct Entry {
    std::string key;
    std::size_t offset = 0;
    Node value;
};

/// Describes the node for an error: "the text \"no\"", "a list", "nothing".
[[nodiscard]] std::string describe(const Node& node);

/// Returns the text of a node that holds one.
[[nodiscard]] inline const std::string& text_of(const Node& node) {
    return node.value.get_ref<const std::string&>();
}

/// Thrown if a source cannot be read any further. The list of problems says why.
class ReadingStopped : public std::exception {
public:
    [[nodiscard]] const char* what() const noexcept override { return "the policy cannot be read on"; }
};

/// Builds a document from its parts, in whatever language they were written.
///
/// Reports keys that appear twice and keys that are not texts. A document that is too deep or too large is reported,
/// and ended with ReadingStopped before it costs anything.
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

    /// Returns where the next part goes: "rules[2].timeout".
    [[nodiscard]] std::string path() const;

    /// Moves the document out. Returns nothing if it had no parts.
    [[nodiscard]] std::optional<Node> take() { return std::move(root_); }

private:
    struct Key {
        std::string text;
        std::size_t offset = 0;
        bool valid = false;
    };
    struct Container {
        Node node;
        std::optional<Key> key;  // of a mapping, if its value comes next
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

/// Reads the single JSON value that `text` must be. Returns nothing if it cannot be parsed.
[[nodiscard]] std::optional<Node> read_json_document(std::string_view text, Problems& problems);

/// Returns the document for a value in memory. It has no places in a text. Returns nothing if the value is too deep or
/// too large.
[[nodiscard]] std::optional<Node> as_document(const Json& value, Problems& problems);

}  // namespace approvekit::policy
