#pragma once

#include "approvekit/json.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::policy {

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

}  // namespace approvekit::policy
