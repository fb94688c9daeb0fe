#include "policy/document.hpp"

#include "text/escape.hpp"

#include <algorithm>
#include <limits>
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

}  // namespace approvekit::policy
