#include "policy/document.hpp"

#include "policy/problems.hpp"

#include <algorithm>

namespace approvekit::policy {
namespace {

std::string describe_scalar(const Json& value) {
    if (value.is_string()) return "the text " + quote(value.get_ref<const std::string&>());
    if (value.is_binary()) return "a binary value";
    if (value.is_number()) return "the number " + value.dump();
    return value.dump();
}

}  // namespace

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

}  // namespace approvekit::policy
