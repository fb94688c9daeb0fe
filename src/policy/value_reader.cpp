#include "policy/value_reader.hpp"

#include "policy/policy_text.hpp"
#include "policy/terms.hpp"
#include "text/ascii.hpp"
#include "text/glyph.hpp"
#include "text/utf8.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <string_view>
#include <vector>

namespace approvekit::policy {
namespace {

constexpr std::size_t most_metadata_bytes = std::size_t{16} << 10;

/// Whether `text` has a tab, a line end, or a blank of Unicode other than the plain space.
bool has_odd_space(std::string_view text) {
    while (!text.empty()) {
        const text::Glyph glyph = text::first_glyph(text);
        if (glyph.code != U' ' && text::is_blank(glyph.code)) return true;
        text.remove_prefix(glyph.bytes);
    }
    return false;
}

/// Returns why `text` cannot be a name, or an empty text if it can.
std::string name_fault(std::string_view text, std::size_t most_bytes) {
    if (text.empty()) return "is empty";
    if (text.size() > most_bytes) return "is longer than " + std::to_string(most_bytes) + " bytes";
    if (const auto hidden = find_hidden_character(text)) return "holds " + hidden->what;
    if (has_odd_space(text)) return "holds white space other than the plain space";
    if (text.front() == ' ' || text.back() == ' ') return quote(text) + " has spaces around it";
    return {};
}

/// Parses "90s", "5m", "8h", "7d": a number without leading zeros and a unit.
std::optional<std::chrono::seconds> parse_duration(std::string_view text) {
    constexpr std::string_view units = "smhd";
    constexpr std::array<int, units.size()> seconds_of = {1, 60, 3600, 86400};
    constexpr std::size_t most_digits = 6;
    if (text.size() < 2 || text.size() > most_digits + 1 || text.front() == '0') return std::nullopt;
    const std::size_t unit = units.find(text.back());
    text.remove_suffix(1);
    if (unit == std::string_view::npos || text.find_first_not_of("0123456789") != std::string_view::npos) {
        return std::nullopt;
    }
    std::int64_t count = 0;
    std::from_chars(text.data(), text.data() + text.size(), count);
    return std::chrono::seconds(count * seconds_of.at(unit));
}

}  // namespace

std::optional<bool> ValueReader::boolean(const Node& node, const std::string& path) const {
    if (node.is(Node::Kind::scalar) && node.value.is_boolean()) return node.value.get<bool>();
    expected("true or false without quotes", node, path);
    return std::nullopt;
}

std::optional<std::chrono::seconds> ValueReader::timeout(const Node& node, const std::string& path) const {
    if (node.is_text()) {
        const auto duration = parse_duration(text_of(node));
        if (duration && *duration >= shortest_timeout && *duration <= longest_timeout) return duration;
    } else if (node.is(Node::Kind::scalar) && node.value.is_number_integer()) {
        const bool fits = !node.value.is_number_unsigned() || node.value.get<std::uint64_t>() <= INT64_MAX;
        const std::chrono::seconds seconds(fits ? node.value.get<std::int64_t>() : INT64_MAX);
        if (seconds >= shortest_timeout && seconds <= longest_timeout) return seconds;
    }
    expected("whole seconds from 1 to 604800, or such as 90s, 5m, 8h, 7d", node, path);
    return std::nullopt;
}

std::optional<std::string> ValueReader::name(const Node& node, const std::string& path, std::size_t most_bytes) const {
    if (!node.is_text()) {
        const bool could_be_quoted = node.is(Node::Kind::scalar) || node.is(Node::Kind::word);
        expected(could_be_quoted ? "a text in quotes" : "a text", node, path);
        return std::nullopt;
    }
    if (const std::string fault = name_fault(text_of(node), most_bytes); !fault.empty()) {
        report(node, path, fault);
        return std::nullopt;
    }
    return text_of(node);
}

std::optional<std::string> ValueReader::text(const Node& node, const std::string& path, std::size_t most_bytes) const {
    if (!node.is_text()) {
        expected("a text in quotes", node, path);
        return std::nullopt;
    }
    const std::string& text = text_of(node);
    if (text.empty() || text.size() > most_bytes || !text::is_utf8(text)) {
        report(node, path, "expected a text of 1 to " + std::to_string(most_bytes) + " bytes that is UTF-8");
        return std::nullopt;
    }
    return text;
}

std::optional<Json> ValueReader::number(const Node& node, const std::string& path) const {
    if (node.is(Node::Kind::scalar) && node.value.is_number()) return json(node, path);
    expected("a number", node, path);
    return std::nullopt;
}

std::optional<Json> ValueReader::scalar(const Node& node, const std::string& path) const {
    const bool is_value =
        node.is(Node::Kind::scalar) && (node.value.is_string() || node.value.is_number() || node.value.is_boolean());
    if (is_value) return json(node, path);
    expected("a text in quotes, a number, true or false", node, path);
    return std::nullopt;
}

std::optional<Json> ValueReader::object(const Node& node, const std::string& path) const {
    if (!is_mapping(node, path)) return std::nullopt;
    auto value = json_object(node, path);
    if (value && value->dump().size() > most_metadata_bytes) {
        report(node, path, "is larger than " + std::to_string(most_metadata_bytes) + " bytes of JSON");
        return std::nullopt;
    }
    return value;
}

const std::vector<Node>* ValueReader::list(const Node& node, const std::string& path,
                                           const std::string& of_what) const {
    if (node.is(Node::Kind::sequence)) return &node.items;
    expected("a list of " + of_what, node, path);
    return nullptr;
}

bool ValueReader::is_mapping(const Node& node, const std::string& path) const {
    if (node.is(Node::Kind::mapping)) return true;
    expected("a mapping of keys to values", node, path);
    return false;
}

void ValueReader::report(const Node& node, const std::string& path, std::string message) const {
    problems_->add(node.offset, path, std::move(message));
}

void ValueReader::expected(const std::string& what, const Node& node, const std::string& path) const {
    if (!node.is(Node::Kind::refused)) report(node, path, "expected " + what + ", found " + describe(node));
}

// Recursion is safe: the depth of a document is limited when it is built.
std::optional<Json> ValueReader::json(const Node& node, const std::string& path) const {  // NOLINT(misc-no-recursion)
    if (node.is(Node::Kind::mapping)) return json_object(node, path);
    if (node.is(Node::Kind::sequence)) return json_array(node, path);
    if (!node.is(Node::Kind::scalar)) {
        expected("a value whose type is beyond doubt (put texts in quotes)", node, path);
        return std::nullopt;
    }
    const bool is_broken_text = node.value.is_string() && !text::is_utf8(text_of(node));
    const bool is_no_number = node.value.is_number_float() && !std::isfinite(node.value.get<double>());
    if (is_broken_text || is_no_number || node.value.is_binary()) {
        expected("a value that JSON can hold", node, path);
        return std::nullopt;
    }
    return std::make_optional<Json>(node.value);
}

std::optional<Json> ValueReader::json_array(const Node& node,  // NOLINT(misc-no-recursion)
                                            const std::string& path) const {
    Json array = Json::array();
    bool complete = true;
    for (std::size_t index = 0; index < node.items.size(); ++index) {
        auto item = json(node.items[index], child_path(path, index));
        complete = complete && item;
        if (item) array.push_back(*std::move(item));
    }
    return complete ? std::optional(std::move(array)) : std::nullopt;
}

std::optional<Json> ValueReader::json_object(const Node& node,  // NOLINT(misc-no-recursion)
                                             const std::string& path) const {
    Json object = Json::object();
    bool complete = true;
    for (const Entry& entry : node.entries) {
        auto member = json(entry.value, child_path(path, entry.key));
        complete = complete && member;
        if (member) object[entry.key] = *std::move(member);
    }
    return complete ? std::optional(std::move(object)) : std::nullopt;
}

namespace {

// No key is half as long, and a distance costs the product of both lengths.
constexpr std::size_t most_letters = 64;

std::string letters_of(std::string_view text) {
    std::string letters;
    for (const char c : text::lower_case(text.substr(0, most_letters))) {
        if (c != '_' && c != '-' && c != ' ') letters += c;
    }
    return letters;
}

/// Returns how unlikely it is that the author of `text` meant `known`. The beginning of a key is close to it.
std::size_t unlikeliness(std::string_view text, std::string_view known) {
    constexpr std::size_t telling_letters = 3;
    const std::string letters = letters_of(text);
    const bool is_beginning = letters.size() >= telling_letters && letters_of(known).starts_with(letters);
    return is_beginning ? std::min<std::size_t>(1, edit_distance(text, known)) : edit_distance(text, known);
}

std::string unknown_key(std::string_view key, std::span<const std::string_view> known, std::string_view hint) {
    const std::string_view candidate = nearest(key, known);
    const bool likely = unlikeliness(key, candidate) <= candidate.size() / 3;
    return likely ? "unknown key; did you mean " + quote(candidate) + "?"
                  : "unknown key; the nearest known one is " + quote(candidate) + std::string(hint);
}

}  // namespace

std::size_t edit_distance(std::string_view left, std::string_view right) {
    const std::string from = letters_of(left);
    const std::string to = letters_of(right);
    // Row i holds the distances from the first i letters of `from` to each beginning of `to`.
    std::vector<std::vector<std::size_t>> rows(from.size() + 1, std::vector<std::size_t>(to.size() + 1));
    for (std::size_t i = 0; i <= from.size(); ++i) {
        for (std::size_t j = 0; j <= to.size(); ++j) {
            if (i == 0 || j == 0) {
                rows[i][j] = i + j;
                continue;
            }
            const std::size_t changed = rows[i - 1][j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
            rows[i][j] = std::min({rows[i - 1][j] + 1, rows[i][j - 1] + 1, changed});
            if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1]) {
                rows[i][j] = std::min(rows[i][j], rows[i - 2][j - 2] + 1);
            }
        }
    }
    return rows.back().back();
}

std::string_view nearest(std::string_view text, std::span<const std::string_view> known) {
    return *std::min_element(known.begin(), known.end(), [text](std::string_view left, std::string_view right) {
        return unlikeliness(text, left) < unlikeliness(text, right);
    });
}

void report_unknown_keys(const Node& mapping, const std::string& path, std::span<const std::string_view> known,
                         std::string_view hint, Problems& problems) {
    for (const Entry& entry : mapping.entries) {
        if (std::find(known.begin(), known.end(), entry.key) != known.end()) continue;
        // A full list keeps no messages, and distances are expensive.
        problems.add(entry.offset, child_path(path, entry.key),
                     problems.is_full() ? std::string() : unknown_key(entry.key, known, hint));
    }
}

}  // namespace approvekit::policy
